using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.Containers;

/// <summary>`start`.</summary>
internal static class StartCommand
{
    public static Command Create()
    {
        var command = new Command("start [OPTIONS] CONTAINER [CONTAINER...]", "Start one or more stopped containers") { Aliases = ["container start", "start"], Arguments = ArgumentCount.AtLeast(1) };
        var attach = command.Flags.Bool("attach", 'a', "Attach STDOUT/STDERR and forward signals");
        var checkpoint = command.Flags.String("checkpoint", null, "Restore from this checkpoint", hidden: true);
        var folder = command.Flags.String("checkpoint-dir", null, "Use a custom checkpoint storage directory", hidden: true);
        var keys = command.Flags.String("detach-keys", null, "Override the key sequence for detaching a container");
        var interactive = command.Flags.Bool("interactive", 'i', "Attach container's STDIN");
        command.Run = (context, names) =>
        {
            if (attach || interactive)
            {
                return names.Count > 1 ? throw new ExitException(1, "you cannot start and attach multiple containers at once")
                    : Attached(context, names[0], interactive, keys.Value.Length > 0 ? keys.Value : context.Config.DetachKeys, StartPath);
            }

            var failed = new List<string>();
            foreach (var name in names)
            {
                try
                {
                    context.Engine.Do("POST", StartPath(name));
                    context.Line(name);
                }
                catch (EngineException e)
                {
                    context.ErrorLine(e.Message);
                    failed.Add(name);
                }
            }

            return failed.Count == 0 ? 0 : throw new ExitException(1, $"Error: failed to start containers: {string.Join(", ", failed)}");
        };
        return command;

        string StartPath(string name) => new Query($"/containers/{EngineClient.Escape(name)}/start")
            .Add("checkpoint", checkpoint.Value.Length > 0 ? checkpoint.Value : null).Add("checkpoint-dir", folder.Value.Length > 0 ? folder.Value : null);
    }

    private static int Attached(CliContext context, string name, bool interactive, string? keys, Func<string, string> startPath)
    {
        var engine = context.Engine;
        var container = InspectedContainer.Get(engine, name);
        using var signals = new SignalProxy();
        if (!container.Tty)
            signals.Forward(engine, container.Id);
        using var session = ContainerStreams.Attach(context, container.Id, container.Tty, interactive && container.OpenStdin, stdout: true, stderr: true, keys);
        session.Prepare();
        using var wait = ContainerStreams.Wait(engine, container.Id, container.AutoRemove ? "removed" : "next-exit");
        engine.Do("POST", startPath(container.Id));
        if (container.Tty && ConsoleTerminal.IsTerminal(1))
            signals.Resize(engine, $"containers/{container.Id}");
        return session.Run() ? 0 : ContainerStreams.ExitCode(wait);
    }
}
