namespace Naru.Api;

/// <summary>What POST /build/prune freed.</summary>
public sealed record BuildPruneReport
{
    /// <summary>Ids of records; null where there were none, as in Docker.</summary>
    public IReadOnlyList<string>? CachesDeleted { get; init; }

    /// <summary>Bytes.</summary>
    public long SpaceReclaimed { get; init; }
}
