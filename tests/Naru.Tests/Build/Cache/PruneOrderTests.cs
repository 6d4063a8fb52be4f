using Naru.Build.Cache;

namespace Naru.Tests.Build.Cache;

public sealed class PruneOrderTests
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.UnixEpoch.AddYears(50);

    [Fact]
    public void The_longest_unused_goes_first_and_nothing_before_what_stands_on_it() =>
        Assert.Equal("old new leaf parent base", Order(Entry("base", 0), Entry("parent", 1, "base"), Entry("leaf", 9, "parent"), Entry("old", 2), Entry("new", 5)));

    [Fact]
    public void What_several_stand_on_goes_after_the_last_of_them() =>
        Assert.Equal("a c b base", Order(Entry("b", 5, "base"), Entry("a", 1, "base"), Entry("base", 0), Entry("c", 4)));

    [Fact]
    public void What_is_in_use_stays_and_what_is_below_it() =>
        Assert.Equal("other", Order(Entry("base", 0), Entry("used", 1, "base") with { InUse = true }, Entry("other", 9)));

    [Fact]
    public void Ten_thousand_upon_each_other_are_put_in_order_at_once()
    {
        var entries = new List<CacheEntry>();
        for (var number = 0; number < 10_000; number++)
            entries.Add(Entry($"{number}", number, number == 0 ? [] : [$"{number - 1}"]));
        var clock = global::System.Diagnostics.Stopwatch.StartNew();
        Assert.StartsWith("9999 9998 ", Order([.. entries]), StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), clock.Elapsed.ToString());
    }

    private static string Order(params CacheEntry[] entries)
    {
        var order = new PruneOrder(entries, new PruneFilter(new PruneRequest()));
        var names = new List<string>();
        while (order.Next() is { } entry)
            names.Add(entry.Id);
        return string.Join(' ', names);
    }

    private static CacheEntry Entry(string id, int used, params string[] parents) => new()
    {
        Id = id,
        Parents = parents,
        Type = "regular",
        Description = id,
        Size = 1,
        Created = Begin,
        LastUsed = Begin.AddMinutes(used),
        Remove = () => Task.FromResult(true),
    };
}
