using Naru.Hub.Metadata;

namespace Naru.HubServer.Operation;

/// <summary>What the database counts, asked for at most once in a while: who scrapes every second must not make it count every second.</summary>
internal sealed class StoredFigures(IDatabase database)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim one = new(1, 1);
    private Figures? known;
    private long at;

    public async ValueTask<Figures> Get(CancellationToken cancel)
    {
        await one.WaitAsync(cancel);
        try
        {
            if (known is not null && Environment.TickCount64 - at < Lasts.TotalMilliseconds)
                return known;
            known = await database.Read(async session => await session.First("""
                SELECT (SELECT COUNT(*) FROM blob), (SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM blob), (SELECT COUNT(*) FROM upload), (SELECT COUNT(*) FROM repository),
                    (SELECT COUNT(*) FROM delivery WHERE next IS NOT NULL), (SELECT COUNT(*) FROM manifest), (SELECT COUNT(*) FROM tag)
                """, row => new Figures(row.Number(0), row.Number(1), row.Number(2), row.Number(3), row.Number(4), row.Number(5), row.Number(6))), cancel);
            at = Environment.TickCount64;
            return known!;
        }
        finally
        {
            one.Release();
        }
    }

    /// <param name="Bytes">Of all blobs, each once.</param>
    /// <param name="Deliveries">To web hooks, that are still to be made.</param>
    internal sealed record Figures(long Blobs, long Bytes, long Uploads, long Repositories, long Deliveries, long Manifests, long Tags);
}
