namespace Naru.Network;

/// <summary>What a container wants of the network before it starts.</summary>
public sealed record SandboxRequest
{
    public required string ContainerId { get; init; }

    /// <summary>Named in error texts, as Docker does.</summary>
    public required string ContainerName { get; init; }

    /// <summary>True: the default bridge. False (`--network none`): loopback only.</summary>
    public bool Bridge { get; init; } = true;

    /// <summary>`--mac-address`; null makes one from the IPv4 address.</summary>
    public string? MacAddress { get; init; }

    public IReadOnlyList<PortRequest> Ports { get; init; } = [];
}
