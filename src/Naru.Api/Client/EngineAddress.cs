namespace Naru.Api.Client;

/// <summary>Where an engine listens: `unix:///path`, `tcp://host:port` or `ssh://user@host`.</summary>
public sealed record EngineAddress
{
    public const string Default = "unix:///var/run/naru.sock";

    /// <summary>The address as the user wrote it: messages show it.</summary>
    public required string Text { get; init; }

    /// <summary>"unix", "tcp" or "ssh".</summary>
    public required string Scheme { get; init; }

    /// <summary>The socket's path, the host's name, or ssh's destination.</summary>
    public required string Host { get; init; }

    public int Port { get; init; }

    /// <summary>What stands before every path of a tcp address, as in tcp://proxy:80/engine.</summary>
    public string BasePath { get; init; } = "";

    public bool Tls { get; init; }

    /// <summary>Parses a host as docker's client does.</summary>
    /// <exception cref="NaruException">The text names no address.</exception>
    public static EngineAddress Parse(string text, bool tls = false)
    {
        var mark = text.IndexOf("://", StringComparison.Ordinal);
        if (mark < 0)
            throw NaruException.Invalid($"unable to parse docker host `{text}`");
        var (scheme, rest) = (text[..mark], text[(mark + 3)..]);
        switch (scheme)
        {
            case "unix":
                return new EngineAddress { Text = text, Scheme = scheme, Host = rest };
            case "ssh":
                return new EngineAddress { Text = text, Scheme = scheme, Host = rest };
            case "tcp" or "http" or "https":
                var slash = rest.IndexOf('/');
                var authority = slash < 0 ? rest : rest[..slash];
                var colon = authority.LastIndexOf(':');
                var hasPort = colon > authority.LastIndexOf(']');
                tls |= scheme == "https";
                var port = tls ? 2376 : 2375;
                if (hasPort && !int.TryParse(authority.AsSpan(colon + 1), out port))
                    throw NaruException.Invalid($"unable to parse docker host `{text}`");
                var host = (hasPort ? authority[..colon] : authority).Trim('[', ']');
                return new EngineAddress
                {
                    Text = text,
                    Scheme = "tcp",
                    Host = host.Length == 0 ? "localhost" : host,
                    Port = port,
                    BasePath = slash < 0 ? "" : rest[slash..].TrimEnd('/'),
                    Tls = tls,
                };
            default:
                throw NaruException.Invalid($"protocol not available: {scheme}");
        }
    }
}
