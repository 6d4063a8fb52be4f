namespace Naru.Api;

/// <summary>The answer of POST /build/prune.</summary>
public sealed record BuildPruneReport
{
    public IReadOnlyList<string>? CachesDeleted { get; init; }

    public long SpaceReclaimed { get; init; }
}
