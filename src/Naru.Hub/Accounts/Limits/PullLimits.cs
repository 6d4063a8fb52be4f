using Naru.Hub.Registry;

namespace Naru.Hub.Accounts.Limits;

/// <summary>How many manifests may be fetched within a time, by account or by address: Docker Hub's way of counting pulls. Each process counts its own.</summary>
/// <param name="ofNobody">For an address that did not sign in; 0 is any number.</param>
/// <param name="ofUser">For an account; 0 is any number. Administrators have no limit.</param>
public sealed class PullLimits
{
    private const int MostKeys = 100_000;

    private readonly int ofNobody;
    private readonly int ofUser;
    private readonly SlidingCount counts;

    internal PullLimits(int ofNobody, int ofUser, TimeSpan window, TimeProvider clock)
    {
        (this.ofNobody, this.ofUser) = (ofNobody, ofUser);
        counts = new SlidingCount(window, MostKeys, clock);
    }

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

    private static string Source(Caller caller) => caller.Account is null ? AddressKey.Of(caller.Address) : caller.Name!.Split('+')[0];

    private static string Key(Caller caller, string source) => caller.Account is null ? $"@{source}" : source;

    private int LimitOf(Caller caller) => caller.Admin ? 0 : caller.Account is null ? ofNobody : ofUser;

    private PullLimitState State(Caller caller, int limit, string source) =>
        new(limit, (int)Math.Max(0, Math.Floor(limit - counts.Count(Key(caller, source)))), counts.Window, source);
}
