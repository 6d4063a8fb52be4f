using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.Containers;

/// <summary>`run`: create, attach, wait for the end in advance, start, join the streams.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var command = new Command("run [OPTIONS] IMAGE [COMMAND] [ARG...]", "Create and run a new container from an image") { Aliases = ["container run", "run"], Arguments = ArgumentCount.AtLeast(1) };
        var flags = new ContainerFlags(command.Flags);
        var detach = command.Flags.Bool("detach", 'd', "Run container in background and print container ID");
        var keys = command.Flags.String("detach-keys", null, "Override the key sequence for detaching a container");
        var proxy = command.Flags.Bool("sig-proxy", null, "Proxy received signals to the process", initial: true);
        var pull = command.Flags.String("pull", null, "Pull image before running (\"always\", \"missing\", \"never\")", "missing");
        command.Run = (context, words) => ContainerCreation.Guard(context, () =>
        {
            ContainerCreation.CheckPull(pull);
            var request = ContainerOptions.Build(flags, words, context.Config.ProxyVariables(context.Engine.Address.Text), detach);
            if (!detach && request.Tty && request.AttachStdin && !ConsoleTerminal.IsTerminal(0))
                throw new ExitException(1, "the input device is not a TTY");
            var id = ContainerCreation.Create(context, flags, pull, request);
            return Start(context, id, request, keys.Value.Length > 0 ? keys.Value : context.Config.DetachKeys, proxy, detach);
        });
        return command;
    }

    private static int Start(CliContext context, string id, ContainerCreateRequest request, string? keys, bool proxy, bool detach)
    {
        var engine = context.Engine;
        var attaches = request.AttachStdin || request.AttachStdout || request.AttachStderr;
        using var signals = new SignalProxy();
        if (!detach && proxy && !request.Tty)
            signals.Forward(engine, id);
        StreamSession? session = null;
        EngineResponse? wait = null;
        try
        {
            if (attaches)
            {
                session = ContainerStreams.Attach(context, id, request.Tty, request.AttachStdin, request.AttachStdout, request.AttachStderr, keys);
                session.Prepare();
            }

            if (!detach)
                wait = ContainerStreams.Wait(engine, id, request.HostConfig!.AutoRemove ? "removed" : "next-exit");
            try
            {
                engine.Do("POST", $"/containers/{id}/start");
            }
            catch (EngineException e)
            {
                session?.Dispose();
                var failure = ContainerCreation.Failure(context, e.Message, ContainerStreams.StartFailureCode(e.Message));
                if (request.HostConfig!.AutoRemove && wait is not null)
                    wait.ReadBytes();
                throw failure;
            }

            if (detach)
            {
                context.Line(id);
                return 0;
            }

            if (request.Tty && session is not null && ConsoleTerminal.IsTerminal(1))
                signals.Resize(engine, $"containers/{id}");
            if (session is not null && session.Run())
                return 0;
            return wait is null ? 0 : ContainerStreams.ExitCode(wait);
        }
        finally
        {
            session?.Dispose();
            wait?.Dispose();
        }
    }
}
