namespace Naru.Api;

/// <summary>What POST /networks/prune removed.</summary>
public sealed record NetworksPruneReport
{
    public IReadOnlyList<string>? NetworksDeleted { get; init; }
}
