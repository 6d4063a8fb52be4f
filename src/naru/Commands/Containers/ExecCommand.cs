using System.Text.Json;
using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.Containers;

/// <summary>`exec`.</summary>
internal static class ExecCommand
{
    public static Command Create()
    {
        var command = new Command("exec [OPTIONS] CONTAINER COMMAND [ARG...]", "Execute a command in a running container") { Aliases = ["container exec", "exec"], Arguments = ArgumentCount.AtLeast(2) };
        var flags = command.Flags;
        flags.Interspersed = false;
        var detach = flags.Bool("detach", 'd', "Detached mode: run command in the background");
        var keys = flags.String("detach-keys", null, "Override the key sequence for detaching a container");
        var env = flags.List("env", 'e', "Set environment variables", OptionValues.Environment);
        var envFile = flags.List("env-file", null, "Read in a file of environment variables");
        var interactive = flags.Bool("interactive", 'i', "Keep STDIN open even if not attached");
        var privileged = flags.Bool("privileged", null, "Give extended privileges to the command");
        var tty = flags.Bool("tty", 't', "Allocate a pseudo-TTY");
        var user = flags.String("user", 'u', "Username or UID (format: \"<name|uid>[:<group|gid>]\")");
        var folder = flags.String("workdir", 'w', "Working directory inside the container");
        command.Run = (context, words) =>
        {
            var detachKeys = keys.Value.Length > 0 ? keys.Value : context.Config.DetachKeys;
            var (rows, columns) = ConsoleTerminal.Size(1);
            var request = new ExecCreateRequest
            {
                User = user,
                Privileged = privileged,
                Tty = tty,
                AttachStdin = interactive && !detach,
                AttachStdout = !detach,
                AttachStderr = !detach,
                DetachKeys = detachKeys ?? "",
                Env = [.. KeyValueFiles.ReadEnvironment(envFile.Values), .. env.Values],
                WorkingDir = folder,
                Cmd = [.. words.Skip(1)],
                ConsoleSize = tty && rows > 0 ? [(uint)rows, (uint)columns] : null,
            };
            if (tty && interactive && !detach && !ConsoleTerminal.IsTerminal(0))
            {
                // A container that does not exist is said first.
                InspectedContainer.Get(context.Engine, words[0]);
                throw new ExitException(1, "the input device is not a TTY");
            }

            return Start(context, words[0], request, detach);
        };
        return command;
    }

    private static int Start(CliContext context, string container, ExecCreateRequest request, bool detach)
    {
        var engine = context.Engine;
        string id;
        using (var created = engine.SendJson("POST", $"/containers/{EngineClient.Escape(container)}/exec", request, ApiJson.Default.ExecCreateRequest))
            id = created.Read(ApiJson.Default.IdResponse).Id;
        var start = JsonSerializer.SerializeToUtf8Bytes(new ExecStartRequest { Detach = detach, Tty = request.Tty, ConsoleSize = request.ConsoleSize }, ApiJson.Default.ExecStartRequest);
        if (detach)
        {
            using var response = engine.Send("POST", $"/exec/{id}/start", start);
            response.ReadBytes();
            return 0;
        }

        using var signals = new SignalProxy();
        using var session = new StreamSession(engine.Hijack($"/exec/{id}/start", start), request.Tty, request.AttachStdin, request.AttachStdout, request.AttachStderr, DetachKeys.Parse(request.DetachKeys));
        session.Prepare();
        if (request.Tty && ConsoleTerminal.IsTerminal(1))
            signals.Resize(engine, $"exec/{id}");
        if (session.Run())
            return 0;
        return engine.Get($"/exec/{id}/json", ApiJson.Default.ExecInspectResponse).ExitCode ?? 0;
    }
}
