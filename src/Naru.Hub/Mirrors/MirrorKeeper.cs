using Naru.Base;
using Naru.Hub.Metadata;

namespace Naru.Hub.Mirrors;

/// <summary>Lets go what mirrored registries have and nobody uses, the longest unused first. The collector then takes the bytes.</summary>
public sealed class MirrorKeeper(IDatabase database, MirrorLimits limits) : IAsyncDisposable
{
    private const int AtOnce = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public void Start()
    {
        if (limits.Keep is not null || limits.Space is not null)
            running = Task.Run(Run);
    }

    /// <summary>One round; how many manifests and blobs were let go.</summary>
    public async ValueTask<long> Sweep(DateTime now, CancellationToken cancel)
    {
        long gone = 0;
        if (limits.Keep is { } keep)
        {
            var oldest = (now - keep).Ticks;
            gone += await Rounds("""
                DELETE FROM image WHERE (repository, digest) IN (SELECT i.repository, i.digest FROM image i JOIN repository r ON r.id = i.repository
                    WHERE r.mirror = 1 AND i.pushed < $1 AND COALESCE(i.pulled, 0) < $1 LIMIT $2)
                """, oldest, cancel);
            gone += await Rounds("""
                DELETE FROM held WHERE (repository, digest) IN (SELECT h.repository, h.digest FROM held h JOIN repository r ON r.id = h.repository
                    WHERE r.mirror = 1 AND h.named < $1 LIMIT $2)
                """, oldest, cancel);
        }

        if (limits.Space is { } space)
            gone += await Shrink(space, cancel);
        if (gone > 0)
        {
            await database.Write(session => session.Execute("""
                DELETE FROM repository WHERE mirror = 1 AND created < $1 AND NOT EXISTS (SELECT 1 FROM image i WHERE i.repository = repository.id)
                    AND NOT EXISTS (SELECT 1 FROM held h WHERE h.repository = repository.id) AND NOT EXISTS (SELECT 1 FROM upload u WHERE u.repository = repository.id)
                """, (now - Interval).Ticks), cancel);
        }

        return gone;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private async Task Run()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, stopping.Token);
                try
                {
                    if (await Sweep(DateTime.UtcNow, stopping.Token) is > 0 and var gone)
                        Log.Info($"mirrors: {gone} manifests and blobs that were not used are let go");
                }
                catch (NaruException e)
                {
                    Log.Error($"mirrors: unused blobs stay: {e.Message}");
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Deletes in pieces, so that nobody waits long for the database.</summary>
    private async ValueTask<long> Rounds(string sql, long oldest, CancellationToken cancel)
    {
        long all = 0;
        int some;
        do
        {
            some = await database.Write(session => session.Execute(sql, oldest, (long)AtOnce), cancel);
            all += some;
        }
        while (some == AtOnce);
        return all;
    }

    private async ValueTask<long> Shrink(long space, CancellationToken cancel)
    {
        var used = await database.Read(session => session.Number(
            "SELECT CAST(SUM(size) AS BIGINT) FROM blob WHERE digest IN (SELECT h.digest FROM held h JOIN repository r ON r.id = h.repository WHERE r.mirror = 1)"), cancel) ?? 0;
        long all = 0;
        while (used > space)
        {
            var oldest = await database.Read(session => session.Query("""
                SELECT h.digest, MAX(b.size), MAX(h.named) FROM held h JOIN blob b ON b.digest = h.digest JOIN repository r ON r.id = h.repository WHERE r.mirror = 1
                GROUP BY h.digest ORDER BY 3, 1 LIMIT $1
                """, row => new Used(row.Text(0), row.Number(1), row.Number(2)), (long)AtOnce), cancel);
            if (oldest.Count == 0)
                break;
            foreach (var blob in oldest)
            {
                if (used <= space)
                    break;

                // Used again since it was listed: then it stays.
                var gone = await database.Write(session => session.Execute(
                    "DELETE FROM held WHERE digest = $1 AND named <= $2 AND repository IN (SELECT id FROM repository WHERE mirror = 1)", blob.Digest, blob.Named), cancel);
                all += gone;
                used -= gone > 0 ? blob.Size : 0;
            }
        }

        return all;
    }

    private sealed record Used(string Digest, long Size, long Named);
}
