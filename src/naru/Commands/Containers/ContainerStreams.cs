using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.Containers;

/// <summary>Attaching to a container and waiting for its end, as `run`, `start` and `attach` do.</summary>
internal static class ContainerStreams
{
    public static StreamSession Attach(CliContext context, string id, bool tty, bool stdin, bool stdout, bool stderr, string? keys, bool logs = false)
    {
        var detachKeys = DetachKeys.Parse(keys);
        var query = new Query($"/containers/{EngineClient.Escape(id)}/attach").Add("stream", true).Add("stdin", stdin).Add("stdout", stdout).Add("stderr", stderr)
            .Add("logs", logs).Add("detachKeys", string.IsNullOrEmpty(keys) ? null : keys);
        return new StreamSession(context.Engine.Hijack(query), tty, stdin, stdout, stderr, detachKeys);
    }

    /// <summary>Asks for the exit code; the answer's head comes at once, the code when the container has ended.</summary>
    public static EngineResponse Wait(EngineClient engine, string id, string condition) => engine.Send("POST", $"/containers/{EngineClient.Escape(id)}/wait?condition={condition}");

    public static int ExitCode(EngineResponse wait)
    {
        var result = wait.Read(ApiJson.Default.WaitResponse);
        return result.Error is { Message.Length: > 0 } error ? throw new ExitException(125, error.Message) : (int)result.StatusCode;
    }

    /// <summary>The shell's codes for a command that could not be started. The API gives no more than the text, which Docker's client reads too.</summary>
    public static int StartFailureCode(string message)
    {
        if (Has("executable file not found") || Has("no such file or directory") || Has("system cannot find the file specified"))
            return 127;
        return Has("permission denied") || Has("is a directory") ? 126 : 125;

        bool Has(string part) => message.Contains(part, StringComparison.Ordinal);
    }
}
