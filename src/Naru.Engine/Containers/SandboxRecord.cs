using Naru.Api;

namespace Naru.Engine.Containers;

/// <summary>What a container's network sandbox was given.</summary>
public sealed record SandboxRecord
{
    public string Address { get; init; } = "";
    public int PrefixLength { get; init; }
    public string Gateway { get; init; } = "";
    public string MacAddress { get; init; } = "";
    public string EndpointId { get; init; } = "";

    /// <summary>By <c>80/tcp</c>; null for a port that is exposed only.</summary>
    public SortedDictionary<string, IReadOnlyList<PortBinding>?> Ports { get; init; } = [];

    /// <summary>What the network room needs to take it away, or to take it up again.</summary>
    public Naru.Network.Sandbox? Network { get; init; }
}
