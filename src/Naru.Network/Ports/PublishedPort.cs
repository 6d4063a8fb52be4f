using System.Net;

namespace Naru.Network;

/// <summary>A host port that leads to a container's. A request without host address becomes two: 0.0.0.0 and ::.</summary>
public sealed record PublishedPort
{
    public required int ContainerPort { get; init; }

    /// <summary>tcp, udp or sctp.</summary>
    public required string Protocol { get; init; }

    /// <summary>As inspect shows it: `0.0.0.0`, `::`, `127.0.0.1`…</summary>
    public required string HostAddress { get; init; }

    public required int HostPort { get; init; }

    internal IPAddress Host => IPAddress.Parse(HostAddress);

    /// <summary>IPPROTO_ of the protocol.</summary>
    internal byte ProtocolNumber => Protocol switch { "udp" => 17, "sctp" => 132, _ => 6 };
}
