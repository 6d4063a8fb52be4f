using System.Net;

namespace Naru.Engine.Networks;

/// <summary>What the engine was told about its bridge and its containers' resolvers.</summary>
public sealed record EngineNetworkOptions
{
    /// <summary>Null takes the first subnet of <see cref="Pools"/> that is free.</summary>
    public (IPAddress Gateway, IPNetwork Subnet)? BridgeAddress { get; init; }

    /// <summary>Empty: Docker's.</summary>
    public IReadOnlyList<IPNetwork> Pools { get; init; } = [];

    public int Mtu { get; init; } = 1500;

    /// <summary>For containers that do not say their own; empty: the machine's.</summary>
    public IReadOnlyList<string> Dns { get; init; } = [];

    public IReadOnlyList<string> DnsOptions { get; init; } = [];

    public IReadOnlyList<string> DnsSearch { get; init; } = [];
}
