using System.Globalization;
using System.Net;
using Naru.Base;

namespace Naru.Network;

/// <summary>One entry of a container's PortBindings: publish <see cref="ContainerPort"/> on the machine.</summary>
public sealed record PortRequest
{
    public required int ContainerPort { get; init; }

    /// <summary>tcp, udp or sctp.</summary>
    public string Protocol { get; init; } = "tcp";

    /// <summary>Null: every address of the machine, IPv4 and IPv6.</summary>
    public IPAddress? HostAddress { get; init; }

    /// <summary>First and last host port to choose from; both 0 for any of the dynamic range.</summary>
    public int HostPortFirst { get; init; }

    public int HostPortLast { get; init; }

    /// <summary>Reads the API's form: key `80/tcp`, HostIp ``, HostPort ``, `8080` or `8080-8090`.</summary>
    /// <exception cref="NaruException">InvalidArgument, with Docker's words.</exception>
    public static PortRequest Parse(string containerPort, string? hostIp, string? hostPort)
    {
        var slash = containerPort.IndexOf('/');
        var protocol = slash < 0 ? "tcp" : containerPort[(slash + 1)..].ToLowerInvariant();
        if (protocol is not ("tcp" or "udp" or "sctp"))
            throw NaruException.Invalid($"invalid port specification: \"{containerPort}\"");
        var (first, last) = ParseRange(hostPort);
        return new PortRequest
        {
            ContainerPort = ParsePort(slash < 0 ? containerPort : containerPort[..slash], containerPort),
            Protocol = protocol,
            HostAddress = string.IsNullOrEmpty(hostIp) ? null
                : IPAddress.TryParse(hostIp.Trim('[', ']'), out var address) ? address
                : throw NaruException.Invalid($"invalid IP address: {hostIp}"),
            HostPortFirst = first,
            HostPortLast = last,
        };
    }

    private static (int First, int Last) ParseRange(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return (0, 0);
        var dash = text.IndexOf('-');
        if (dash < 0)
        {
            var port = ParsePort(text, text);
            return (port, port);
        }

        var (first, last) = (ParsePort(text[..dash], text), ParsePort(text[(dash + 1)..], text));
        return last >= first ? (first, last) : throw NaruException.Invalid($"invalid port specification: \"{text}\"");
    }

    private static int ParsePort(string text, string whole) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw NaruException.Invalid($"invalid port specification: \"{whole}\"");
}
