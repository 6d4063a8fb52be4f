namespace Naru.Network;

/// <summary>A container's network namespace, pinned at <see cref="Path"/>. The engine keeps the record with the container and gives all of them back to
/// <see cref="ContainerNetwork.Open"/> when it restarts: they are the only state there is.</summary>
public sealed record Sandbox
{
    public required string ContainerId { get; init; }

    public required string Path { get; init; }

    /// <summary>Null with `--network none`.</summary>
    public Endpoint? Endpoint { get; init; }
}
