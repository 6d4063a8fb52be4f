namespace Naru.Api;

/// <summary>One line of GET /images/json.</summary>
public sealed record ImageSummary
{
    public long Containers { get; init; } = -1;
    /// <summary>Unix seconds.</summary>
    public long Created { get; init; }
    public string Id { get; init; } = "";
    public SortedDictionary<string, string>? Labels { get; init; }
    public string ParentId { get; init; } = "";
    public IReadOnlyList<string>? RepoDigests { get; init; }
    public IReadOnlyList<string>? RepoTags { get; init; }
    public long SharedSize { get; init; } = -1;
    public long Size { get; init; }
}
