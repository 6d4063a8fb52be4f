using Naru.Engine;

namespace Naru.Build.Cache;

/// <summary>Which of what is kept shall go. Sizes in bytes; 0: no such limit.</summary>
public sealed record PruneRequest
{
    /// <summary>Also what images share.</summary>
    public bool All { get; init; }

    /// <summary>until, unused-for, id, parent, type, description, inuse, mutable, immutable, shared, private.</summary>
    public Filters Filters { get; init; } = Filters.None;

    /// <summary>So much may stay in all, and no more.</summary>
    public long MaxUsedSpace { get; init; }

    /// <summary>So much stays whatever else is said.</summary>
    public long ReservedSpace { get; init; }

    /// <summary>So much of the disk shall be free.</summary>
    public long MinFreeSpace { get; init; }

    /// <summary>The filters that there are.</summary>
    public static IReadOnlyList<string> KnownFilters { get; } = ["until", "unused-for", "id", "parent", "type", "description", "inuse", "shared", "private"];
}
