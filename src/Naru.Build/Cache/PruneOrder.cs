namespace Naru.Build.Cache;

/// <summary>In which order what is kept may go: the longest unused first, and nothing before all that stands on it.</summary>
internal sealed class PruneOrder
{
    private readonly PruneFilter chosen;
    private readonly Dictionary<string, List<CacheEntry>> byId = [];
    private readonly Dictionary<string, int> needed = [];

    /// <summary>What may go now, the longest unused last.</summary>
    private readonly List<CacheEntry> ready = [];

    public PruneOrder(IReadOnlyList<CacheEntry> entries, PruneFilter chosen)
    {
        this.chosen = chosen;
        foreach (var entry in entries)
        {
            if (!byId.TryGetValue(entry.Id, out var same))
                byId[entry.Id] = same = [];
            same.Add(entry);
            foreach (var parent in entry.Parents)
                needed[parent] = needed.GetValueOrDefault(parent) + 1;
        }

        foreach (var entry in entries)
        {
            if (!needed.ContainsKey(entry.Id) && chosen.Takes(entry))
                ready.Add(entry);
        }

        ready.Sort(Compare);
    }

    /// <returns>Null: nothing more may go.</returns>
    public CacheEntry? Next()
    {
        if (ready.Count == 0)
            return null;
        var entry = ready[^1];
        ready.RemoveAt(ready.Count - 1);
        foreach (var parent in entry.Parents)
        {
            if (--needed[parent] == 0 && byId.TryGetValue(parent, out var freed))
                freed.ForEach(Add);
        }

        return entry;
    }

    private void Add(CacheEntry entry)
    {
        if (!chosen.Takes(entry))
            return;
        var place = ready.Count;
        while (place > 0 && Compare(ready[place - 1], entry) > 0)
            place--;
        ready.Insert(place, entry);
    }

    private static int Compare(CacheEntry a, CacheEntry b) => (b.LastUsed ?? b.Created).CompareTo(a.LastUsed ?? a.Created);
}
