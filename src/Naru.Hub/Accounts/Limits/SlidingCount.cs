namespace Naru.Hub.Accounts.Limits;

/// <summary>How often each of many keys came up within the last <paramref name="window"/>, nearly: the period before counts by the part of it that is still in the window.</summary>
/// <param name="most">How many keys are kept. When there are more, those that count least are forgotten, so that a flood of addresses does not free those that are near a limit.</param>
internal sealed class SlidingCount(TimeSpan window, int most, TimeProvider clock)
{
    private readonly Dictionary<string, Counter> counters = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    public TimeSpan Window => window;

    public int Keys
    {
        get
        {
            lock (gate)
                return counters.Count;
        }
    }

    public double Count(string key)
    {
        lock (gate)
            return counters.TryGetValue(key, out var counter) ? Advance(counter) : 0;
    }

    /// <summary>Counts one more unless there are <paramref name="limit"/> already; false then.</summary>
    public bool TryAdd(string key, double limit)
    {
        lock (gate)
        {
            if (!counters.TryGetValue(key, out var counter))
            {
                if (counters.Count >= most)
                    Forget();
                counters[key] = counter = new Counter { Period = Now() };
            }

            if (Advance(counter) > limit - 1)
                return false;
            counter.Current++;
            return true;
        }
    }

    public void Clear(string key)
    {
        lock (gate)
            counters.Remove(key);
    }

    /// <summary>How long until one more is within <paramref name="limit"/>.</summary>
    public TimeSpan Wait(string key, double limit)
    {
        lock (gate)
        {
            if (!counters.TryGetValue(key, out var counter) || Advance(counter) <= limit - 1)
                return TimeSpan.Zero;
            var passed = Passed();

            // Within this period the one before fades; in the next, this one does.
            var seconds = counter.Current <= limit - 1
                ? (1 - ((limit - 1 - counter.Current) / counter.Before) - passed) * window.TotalSeconds
                : (1 - passed + 1 - Math.Max(0, limit - 1) / counter.Current) * window.TotalSeconds;
            return TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(seconds)));
        }
    }

    private long Now() => clock.GetUtcNow().UtcTicks / window.Ticks;

    private double Passed() => clock.GetUtcNow().UtcTicks % window.Ticks / (double)window.Ticks;

    private double Advance(Counter counter)
    {
        var now = Now();
        if (counter.Period != now)
        {
            counter.Before = counter.Period == now - 1 ? counter.Current : 0;
            counter.Current = 0;
            counter.Period = now;
        }

        return counter.Current + (counter.Before * (1 - Passed()));
    }

    private void Forget()
    {
        var by = new List<string>(counters.Keys);
        by.Sort((one, other) => Advance(counters[one]).CompareTo(Advance(counters[other])));
        for (var i = 0; i < by.Count / 2 || (i < by.Count && Advance(counters[by[i]]) == 0); i++)
            counters.Remove(by[i]);
    }

    private sealed class Counter
    {
        public long Period { get; set; }

        public double Current { get; set; }

        public double Before { get; set; }
    }
}
