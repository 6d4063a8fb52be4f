namespace Naru.Api;

/// <summary>What POST /images/prune removed.</summary>
public sealed record ImagesPruneReport
{
    public IReadOnlyList<ImageDeleteItem>? ImagesDeleted { get; init; }
    public long SpaceReclaimed { get; init; }
}
