namespace Naru.Network;

/// <summary>A container's place in the bridge network: eth0 in its namespace, <see cref="HostLink"/> in the bridge.</summary>
public sealed record Endpoint
{
    /// <summary>64 hex digits.</summary>
    public required string Id { get; init; }

    public required string HostLink { get; init; }

    public required string Address { get; init; }

    public required int PrefixLength { get; init; }

    public required string Gateway { get; init; }

    public required string MacAddress { get; init; }

    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];
}
