using Naru.Base;
using Naru.Engine;

namespace Naru.Build.Cache;

/// <summary>Whether an entry is among those that a prune may take.</summary>
internal sealed class PruneFilter
{
    private readonly PruneRequest request;
    private readonly DateTimeOffset? until;

    /// <exception cref="NaruException">InvalidArgument: a filter that cannot be read.</exception>
    public PruneFilter(PruneRequest request)
    {
        this.request = request;
        var filters = request.Filters;
        if (filters.Has("until") && filters.Has("unused-for"))
            throw NaruException.Invalid("conflicting filters: until and unused-for");
        until = filters.Has("unused-for") ? TimeFilter.Parse(filters.Get("unused-for").First(), DateTimeOffset.UtcNow) : TimeFilter.Until(filters);
    }

    public bool Takes(CacheEntry entry)
    {
        var filters = request.Filters;
        if (entry.InUse || (entry.Shared && !request.All && !filters.Has("shared")))
            return false;
        if (until is { } limit && (entry.LastUsed ?? entry.Created) >= limit)
            return false;
        return Matches(filters, "id", entry.Id) && Matches(filters, "type", entry.Type) && Matches(filters, "description", entry.Description)
            && (!filters.Has("parent") || entry.Parents.Any(parent => filters.Get("parent").Contains(parent)))
            && Is(filters, "inuse", entry.InUse) && Is(filters, "shared", entry.Shared) && Is(filters, "private", !entry.Shared);
    }

    private static bool Matches(Filters filters, string name, string value) => !filters.Has(name) || filters.Get(name).Contains(value);

    /// <summary>A filter that is true or false; without a value it is true.</summary>
    private static bool Is(Filters filters, string name, bool value) =>
        !filters.Has(name) || filters.Get(name).First() is "false" or "0" == !value;
}
