using System.Globalization;
using System.Net;
using Naru.Base;

namespace Naru.Daemon.Configuration;

/// <summary>Where the API listens: one value of <c>--host</c>.</summary>
internal abstract record ListenAddress
{
    /// <summary>As the user wrote it, in full.</summary>
    public required string Text { get; init; }

    /// <summary>A socket of the file system.</summary>
    public sealed record Unix(string Path) : ListenAddress;

    /// <summary>A port; port 0 stands for Docker's: 2376 with TLS, 2375 without.</summary>
    public sealed record Tcp(IPAddress Address, int Port) : ListenAddress;

    /// <summary>The sockets that systemd hands over (<see cref="Http.HandedSockets"/>).</summary>
    public sealed record Handed : ListenAddress;

    /// <exception cref="NaruException">InvalidArgument, in Docker's words.</exception>
    public static ListenAddress Parse(string text)
    {
        var at = text.IndexOf("://", StringComparison.Ordinal);
        var (protocol, rest) = at < 0 ? ("tcp", text) : (text[..at], text[(at + 3)..]);
        return protocol switch
        {
            "unix" => new Unix(rest.Length > 0 ? System.IO.Path.GetFullPath(rest) : Settings.DefaultSocket) { Text = text },
            "tcp" => ParseTcp(rest, text),
            "fd" when rest is "" or "*" => new Handed { Text = text },
            "fd" => throw NaruException.Invalid($"invalid bind address ({text}): all sockets that are handed over are taken, none by its name: say fd://"),
            _ => throw NaruException.Invalid($"invalid bind address ({text}): unsupported proto '{protocol}'"),
        };
    }

    private static Tcp ParseTcp(string host, string text)
    {
        var colon = host.LastIndexOf(':');
        var (name, number) = colon >= 0 && host.IndexOf(']', colon) < 0 ? (host[..colon], host[(colon + 1)..]) : (host, "");
        if (!int.TryParse(number.Length == 0 ? "0" : number, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
            throw NaruException.Invalid($"invalid bind address ({text}): invalid port {number}");
        var address = name switch
        {
            "" or "localhost" => IPAddress.Loopback,
            _ => IPAddress.TryParse(name.Trim('[', ']'), out var parsed) ? parsed : throw NaruException.Invalid($"invalid bind address ({text}): {name} is no IP address"),
        };
        return new Tcp(address, port) { Text = text };
    }
}
