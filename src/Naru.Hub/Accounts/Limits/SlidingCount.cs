namespace Naru.Hub.Accounts.Limits;

/// <summary>How often each of many keys came up within a window: at once here, and with what other processes counted as far as it was told (<see cref="Merge"/>).</summary>
/// <param name="most">How many keys are kept. When there are more, those that count least are forgotten, so that a flood of addresses does not free those that are near a limit.</param>
internal sealed class SlidingCount(SlidingWindow window, int most)
{
    private readonly Dictionary<string, Counter> counters = new(StringComparer.Ordinal);
    private readonly List<string> used = [];
    private readonly Lock gate = new();

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
            return Count(Use(key));
    }

    /// <summary>Counts one more unless there are <paramref name="limit"/> already; false then.</summary>
    public bool TryAdd(string key, double limit)
    {
        lock (gate)
        {
            var counter = Use(key);
            if (Count(counter) > limit - 1)
                return false;
            counter.Current++;
            counter.Untold++;
            return true;
        }
    }

    /// <summary>How long until one more is within <paramref name="limit"/>.</summary>
    public TimeSpan Wait(string key, double limit)
    {
        lock (gate)
        {
            var counter = Use(key);
            return window.Wait(counter.Current, counter.Before, limit);
        }
    }

    /// <summary>The keys that were used since the last call, in one order everywhere; what was added to them is the caller's to tell others, or to <see cref="Return"/>.</summary>
    public List<CountedKey> Take()
    {
        lock (gate)
        {
            var taken = new List<CountedKey>(used.Count);
            foreach (var key in used)
            {
                if (!counters.TryGetValue(key, out var counter))
                    continue;
                taken.Add(new CountedKey(key, counter.Untold));
                (counter.Used, counter.Untold) = (false, 0);
            }

            used.Clear();
            taken.Sort(static (one, other) => string.CompareOrdinal(one.Key, other.Key));
            return taken;
        }
    }

    /// <summary>What was taken could not be told to anybody.</summary>
    public void Return(CountedKey taken)
    {
        lock (gate)
        {
            Use(taken.Key).Untold += taken.Added;
        }
    }

    /// <summary>What all processes counted, this one's share as far as it was taken included.</summary>
    /// <param name="period">The period that was the running one when it was read.</param>
    public void Merge(string key, long period, Tally all)
    {
        lock (gate)
        {
            if (!counters.TryGetValue(key, out var counter))
                return;
            Advance(counter);
            if (counter.Period == period)
                (counter.Current, counter.Before) = (all.Current + counter.Untold, all.Before);
        }
    }

    private Counter Use(string key)
    {
        if (!counters.TryGetValue(key, out var counter))
        {
            if (counters.Count >= most)
                Forget();
            counters[key] = counter = new Counter { Period = window.Period };
        }

        if (!counter.Used)
        {
            counter.Used = true;
            used.Add(key);
        }

        Advance(counter);
        return counter;
    }

    private double Count(Counter counter)
    {
        Advance(counter);
        return window.Count(counter.Current, counter.Before);
    }

    private void Advance(Counter counter)
    {
        var now = window.Period;
        if (counter.Period == now)
            return;
        counter.Before = counter.Period == now - 1 ? counter.Current : 0;
        counter.Current = 0;
        counter.Period = now;
    }

    private void Forget()
    {
        var by = new List<string>(counters.Keys);
        by.Sort((one, other) => Count(counters[one]).CompareTo(Count(counters[other])));
        for (var i = 0; i < by.Count / 2 || (i < by.Count && Count(counters[by[i]]) == 0); i++)
            counters.Remove(by[i]);
    }

    private sealed class Counter
    {
        public long Period { get; set; }

        public long Current { get; set; }

        public long Before { get; set; }

        /// <summary>Whether it is among those that are to be taken.</summary>
        public bool Used { get; set; }

        /// <summary>Of <see cref="Current"/>, and at a period's turn of <see cref="Before"/>, what others do not know of.</summary>
        public long Untold { get; set; }
    }
}
