using Naru.Hub.Metadata;

namespace Naru.Hub.Accounts.Limits;

/// <summary>How often something came up, in the eyes of all processes: the table <c>tally</c>.</summary>
/// <param name="Current">In the running period of a <see cref="SlidingWindow"/>.</param>
/// <param name="Before">In the one before.</param>
internal sealed record Tally(long Current, long Before)
{
    public static async ValueTask<Tally> Read(ISession session, string name, SlidingWindow window) => (await session.First(
        "SELECT COALESCE(SUM(CASE WHEN period = $2 THEN counted ELSE 0 END), 0), COALESCE(SUM(CASE WHEN period < $2 THEN counted ELSE 0 END), 0) FROM tally WHERE name = $1 AND period >= $3",
        row => new Tally(row.Number(0), row.Number(1)), name, window.Period, window.Period - 1))!;

    /// <summary>Counts more of it. Until the transaction ends others wait who count the same.</summary>
    public static async ValueTask Add(ISession session, string name, SlidingWindow window, long more)
    {
        var period = window.Period;
        await session.Execute(
            "INSERT INTO tally (name, period, counted, expires) VALUES ($1, $2, $3, $4) ON CONFLICT (name, period) DO UPDATE SET counted = tally.counted + excluded.counted",
            name, period, more, window.Expires(period));
    }

    public static async ValueTask Clear(ISession session, string name) => await session.Execute("DELETE FROM tally WHERE name = $1", name);

    /// <summary>Removes what counts for nothing any more.</summary>
    public static async ValueTask Trim(ISession session, DateTime now) => await session.Execute("DELETE FROM tally WHERE expires <= $1", now.Ticks);
}
