using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.Containers;

/// <summary>`attach`.</summary>
internal static class AttachCommand
{
    public static Command Create()
    {
        var command = new Command("attach [OPTIONS] CONTAINER", "Attach local standard input, output, and error streams to a running container") { Aliases = ["container attach", "attach"], Arguments = ArgumentCount.Exactly(1) };
        var keys = command.Flags.String("detach-keys", null, "Override the key sequence for detaching a container");
        var noStdin = command.Flags.Bool("no-stdin", null, "Do not attach STDIN");
        var proxy = command.Flags.Bool("sig-proxy", null, "Proxy all received signals to the process", initial: true);
        command.Run = (context, names) =>
        {
            var engine = context.Engine;
            var container = InspectedContainer.Get(engine, names[0]);
            if (!container.Running)
                throw new ExitException(1, "You cannot attach to a stopped container, start it first");
            if (container.Paused)
                throw new ExitException(1, "You cannot attach to a paused container, unpause it first");
            if (container.Restarting)
                throw new ExitException(1, "You cannot attach to a restarting container, wait until it is running");
            var stdin = !noStdin && container.OpenStdin;
            if (stdin && container.Tty && !ConsoleTerminal.IsTerminal(0))
                throw new ExitException(1, "the input device is not a TTY");
            using var signals = new SignalProxy();
            if (proxy && !container.Tty)
                signals.Forward(engine, container.Id);
            using var session = ContainerStreams.Attach(context, container.Id, container.Tty, stdin, stdout: true, stderr: true, keys.Value.Length > 0 ? keys.Value : context.Config.DetachKeys);
            session.Prepare();
            using var wait = ContainerStreams.Wait(engine, container.Id, "");
            if (container.Tty && ConsoleTerminal.IsTerminal(1))
                signals.Resize(engine, $"containers/{container.Id}");
            return session.Run() ? throw new ExitException(1, "read escape sequence") : ContainerStreams.ExitCode(wait);
        };
        return command;
    }
}
