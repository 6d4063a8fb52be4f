using System.Collections.Concurrent;

namespace Naru.Hub.Accounts;

/// <summary>Answers of the database that are believed for a short while, a bounded number of them.</summary>
/// <param name="keep">How long another process' change may go unseen.</param>
/// <param name="most">Above this everything is forgotten, which costs one query for each that is asked again.</param>
internal sealed class Memory<TValue>(Freshness freshness, TimeProvider clock, TimeSpan keep, int most)
    where TValue : class
{
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private int count;

    public TValue? Recall(string key) =>
        entries.TryGetValue(key, out var entry) && entry.Freshness == freshness.Now && clock.GetElapsedTime(entry.At) < keep ? entry.Value : null;

    /// <summary>What is remembered, or what <paramref name="read"/> finds now; that there is nothing is not remembered.</summary>
    public async ValueTask<TValue?> Get(string key, Func<ValueTask<TValue?>> read)
    {
        if (Recall(key) is { } remembered)
            return remembered;
        var before = freshness.Now;
        var value = await read();
        if (value is not null)
            Keep(key, value, before);
        return value;
    }

    /// <param name="before"><see cref="Freshness.Now"/> from before <paramref name="value"/> was read: a change meanwhile makes it old at once.</param>
    public void Keep(string key, TValue value, long before)
    {
        if (Interlocked.Increment(ref count) > most)
        {
            // Some of these are replacements, so that the table is emptied a little early at worst.
            Interlocked.Exchange(ref count, 1);
            entries.Clear();
        }

        entries[key] = new Entry(value, before, clock.GetTimestamp());
    }

    private sealed record Entry(TValue Value, long Freshness, long At);
}
