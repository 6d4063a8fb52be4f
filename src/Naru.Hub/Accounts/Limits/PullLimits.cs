using Naru.Base;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;
using Naru.Oci;

namespace Naru.Hub.Accounts.Limits;

/// <summary>How many manifests may be fetched within a time, by account or by address: Docker Hub's way of counting pulls.</summary>
/// <remarks>
/// Counted here at once, so that a pull waits for nothing. What was counted is written every <see cref="Interval"/> in one transaction, which also reads what other
/// processes counted: a limit may be passed by what comes to several of them within that time. A process that starts anew goes on from there.
/// </remarks>
public sealed class PullLimits : IAsyncDisposable
{
    private const int MostKeys = 100_000;

    /// <summary>Keys of one transaction: others wait for it.</summary>
    private const int Batch = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly IDatabase database;
    private readonly int ofNobody;
    private readonly int ofUser;
    private readonly SlidingWindow window;
    private readonly SlidingCount counts;
    private readonly LedPulls led;
    private readonly Timer timer;
    private int waiting;

    /// <param name="ofNobody">For an address that did not sign in; 0 is any number.</param>
    /// <param name="ofUser">For an account; 0 is any number. Administrators have no limit.</param>
    internal PullLimits(IDatabase database, int ofNobody, int ofUser, SlidingWindow window, TimeProvider clock)
    {
        (this.database, this.ofNobody, this.ofUser, this.window) = (database, ofNobody, ofUser, window);
        counts = new SlidingCount(window, MostKeys);
        timer = new Timer(_ => _ = ShareQuietly(), null, Timeout.Infinite, Timeout.Infinite);
        led = new LedPulls(clock);
    }

    /// <summary>Notes that the caller got an index: who goes on with a manifest that it lists goes on with the same pull.</summary>
    public void Lead(Caller caller, Manifest index)
    {
        if (LimitOf(caller) == 0)
            return;
        foreach (var part in ManifestForm.Parse(index.Content, index.MediaType).Manifests)
            led.Add(Key(caller, Source(caller)), part.Digest);
    }

    /// <summary>Whether an index led the caller there just now.</summary>
    public bool IsLed(Caller caller, Digest manifest) => LimitOf(caller) > 0 && led.Has(Key(caller, Source(caller)), manifest);

    /// <summary>Counts a GET of a manifest; null where there is no limit.</summary>
    /// <exception cref="RegistryException">TOOMANYREQUESTS.</exception>
    public PullLimitState? Take(Caller caller)
    {
        if (LimitOf(caller) is not (> 0 and var limit))
            return null;
        var source = Source(caller);
        if (!counts.TryAdd(Key(caller, source), limit))
        {
            throw new RegistryException(RegistryErrorCode.TooManyRequests, "You have reached your pull rate limit.")
            {
                RetryAfter = counts.Wait(Key(caller, source), limit),
            };
        }

        return State(caller, limit, source);
    }

    /// <summary>As it stands, for a HEAD, which is not counted; null where there is no limit.</summary>
    public PullLimitState? Look(Caller caller) => LimitOf(caller) is > 0 and var limit ? State(caller, limit, Source(caller)) : null;

    /// <summary>Tells the other processes what was counted here, and learns what they counted.</summary>
    public async ValueTask Share(CancellationToken cancel)
    {
        Volatile.Write(ref waiting, 0);
        var taken = counts.Take();
        for (var at = 0; at < taken.Count; at += Batch)
        {
            var some = taken.GetRange(at, Math.Min(Batch, taken.Count - at));
            try
            {
                await Share(some, cancel);
            }
            catch
            {
                foreach (var one in taken[at..])
                    counts.Return(one);
                throw;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        await ShareQuietly();
    }

    private async ValueTask Share(List<CountedKey> some, CancellationToken cancel)
    {
        var period = window.Period;
        var all = some.Exists(one => one.Added > 0)
            ? await database.Write(session => Exchange(session, some), cancel)
            : await database.Read(session => Exchange(session, some), cancel);
        for (var i = 0; i < some.Count; i++)
            counts.Merge(some[i].Key, period, all[i]);
    }

    private async ValueTask<List<Tally>> Exchange(ISession session, List<CountedKey> some)
    {
        var all = new List<Tally>(some.Count);
        foreach (var one in some)
        {
            var name = $"pulls {one.Key}";
            if (one.Added > 0)
                await Tally.Add(session, name, window, one.Added);
            all.Add(await Tally.Read(session, name, window));
        }

        return all;
    }

    private async Task ShareQuietly()
    {
        try
        {
            await Share(CancellationToken.None);
        }
        catch (NaruException e)
        {
            Log.Warn($"pulls are counted by this process alone: {e.Message}");
        }
    }

    private static string Source(Caller caller) => caller.Account is null ? AddressKey.Of(caller.Address) : caller.Name!.Split('+')[0];

    private static string Key(Caller caller, string source) => caller.Account is null ? $"@{source}" : source;

    private int LimitOf(Caller caller) => caller.Admin ? 0 : caller.Account is null ? ofNobody : ofUser;

    private PullLimitState State(Caller caller, int limit, string source)
    {
        if (Interlocked.Exchange(ref waiting, 1) == 0)
            timer.Change(Interval, Timeout.InfiniteTimeSpan);
        return new(limit, (int)Math.Max(0, Math.Floor(limit - counts.Count(Key(caller, source)))), window.Length, source);
    }
}
