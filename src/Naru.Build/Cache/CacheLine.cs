using Naru.Oci;

namespace Naru.Build.Cache;

/// <summary>A line of the journal: one of its fields says what happened.</summary>
internal sealed record CacheLine
{
    /// <summary>A record, new or changed.</summary>
    public CacheRecord? Put { get; init; }

    /// <summary>The record of this id is gone.</summary>
    public Digest? Drop { get; init; }

    /// <summary>All records above are on disk.</summary>
    public bool? Synced { get; init; }
}
