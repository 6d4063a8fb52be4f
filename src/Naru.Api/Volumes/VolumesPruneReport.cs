namespace Naru.Api;

/// <summary>What POST /volumes/prune removed.</summary>
public sealed record VolumesPruneReport
{
    public IReadOnlyList<string>? VolumesDeleted { get; init; }
    public long SpaceReclaimed { get; init; }
}
