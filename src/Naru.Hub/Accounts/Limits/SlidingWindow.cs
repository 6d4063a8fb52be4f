namespace Naru.Hub.Accounts.Limits;

/// <summary>How much came up within the last <paramref name="length"/>, nearly: the period before the running one counts by the part of it that is still in the window.</summary>
internal sealed class SlidingWindow(TimeSpan length, TimeProvider clock)
{
    public TimeSpan Length => length;

    /// <summary>The number of the running period; all processes count them alike.</summary>
    public long Period => clock.GetUtcNow().UtcTicks / length.Ticks;

    private double Passed => clock.GetUtcNow().UtcTicks % length.Ticks / (double)length.Ticks;

    /// <summary>UTC ticks from which on a period counts for nothing.</summary>
    public long Expires(long period) => (period + 2) * length.Ticks;

    /// <param name="current">Counted in the running period.</param>
    /// <param name="before">Counted in the one before.</param>
    public double Count(long current, long before) => current + (before * (1 - Passed));

    /// <summary>How long until one more is within <paramref name="limit"/>; zero where it is now.</summary>
    public TimeSpan Wait(long current, long before, double limit)
    {
        if (Count(current, before) <= limit - 1)
            return TimeSpan.Zero;

        // Within this period the one before fades; in the next, this one does.
        var seconds = current <= limit - 1
            ? (1 - ((limit - 1 - current) / before) - Passed) * length.TotalSeconds
            : (1 - Passed + 1 - (Math.Max(0, limit - 1) / current)) * length.TotalSeconds;
        return TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(seconds)));
    }
}
