namespace Naru.Cli.Build.Session;

/// <summary>`--ssh default|ID[=SOCKET]`: an ssh agent that steps may ask.</summary>
internal sealed record AgentSource(string Id, string Socket)
{
    /// <exception cref="NaruException">No agent, or something that is none.</exception>
    public static AgentSource Parse(string text)
    {
        var equals = text.IndexOf('=');
        var (id, path) = equals < 0 ? (text, "") : (text[..equals], text[(equals + 1)..]);
        if (id.Length == 0)
            id = "default";
        if (path.Length == 0)
            path = Environment.GetEnvironmentVariable("SSH_AUTH_SOCK") ?? "";
        if (path.Length == 0)
            throw NaruException.Invalid("invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set");
        if (path.Contains(','))
            throw NaruException.Invalid("ssh keys are forwarded by an agent only: add them to one with ssh-add");
        if (Linux.Files.TryStatus(path) is not { } status)
            throw NaruException.NotFound($"failed to stat {path}: no such file or directory");
        if (status.Kind != Linux.FileKind.Socket)
            throw NaruException.Invalid($"{path} is not the socket of an ssh agent: keys are forwarded by an agent only, add them to one with ssh-add");
        return new AgentSource(id, path);
    }
}
