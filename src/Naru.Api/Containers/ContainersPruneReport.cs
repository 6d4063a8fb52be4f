namespace Naru.Api;

/// <summary>What POST /containers/prune removed.</summary>
public sealed record ContainersPruneReport
{
    public IReadOnlyList<string>? ContainersDeleted { get; init; }
    public long SpaceReclaimed { get; init; }
}
