namespace Naru.Build.Cache;

/// <summary>Something that the builder keeps: a step's result, a cache mount, a folder that a client sent, a download.</summary>
public sealed record CacheEntry
{
    public required string Id { get; init; }

    /// <summary>The entries it stands on: it goes before them.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>BuildKit's: <c>regular</c>, <c>exec.cachemount</c>, <c>source.local</c>, <c>source.git.checkout</c>.</summary>
    public required string Type { get; init; }

    public required string Description { get; init; }

    /// <summary>A build that runs may need it.</summary>
    public bool InUse { get; init; }

    /// <summary>Its files are an image's too: to remove it frees nothing.</summary>
    public bool Shared { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? LastUsed { get; init; }

    public int Uses { get; init; }

    /// <summary>Removes it; false when it is needed after all.</summary>
    public required Func<Task<bool>> Remove { get; init; }
}
