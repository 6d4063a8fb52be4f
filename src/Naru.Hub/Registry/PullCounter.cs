using Naru.Base;
using Naru.Hub.Metadata;
using Naru.Oci;

namespace Naru.Hub.Registry;

/// <summary>Counts pulls without a write for each: they are added up here and written every few seconds. A crash loses those seconds.</summary>
/// <remarks>A pull is a GET of a manifest that no index of the repository lists: a client that reads an index and then one of its manifests pulled once.</remarks>
public sealed class PullCounter : IAsyncDisposable
{
    private const int MostKept = 100_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly IDatabase database;
    private readonly Lock gate = new();
    private readonly Timer timer;
    private Dictionary<PulledManifest, long> counts = [];
    private bool running;

    public PullCounter(IDatabase database)
    {
        this.database = database;
        timer = new Timer(_ => _ = WriteQuietly(), null, Timeout.Infinite, Timeout.Infinite);
    }

    public void Count(Repository repository, Digest digest) => Count(new PulledManifest(repository.Id, digest), 1);

    /// <summary>Writes what was counted.</summary>
    public async ValueTask Write(CancellationToken cancel)
    {
        Dictionary<PulledManifest, long> taken;
        lock (gate)
        {
            taken = counts;
            counts = [];
            running = false;
        }

        if (taken.Count == 0)
            return;
        try
        {
            await Write(taken, cancel);
        }
        catch
        {
            foreach (var (pulled, count) in taken)
                Count(pulled, count);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        await WriteQuietly();
    }

    private async ValueTask Write(Dictionary<PulledManifest, long> taken, CancellationToken cancel) =>
        await database.Write(async session =>
        {
            var now = DateTime.UtcNow.Ticks;
            foreach (var (pulled, count) in taken)
            {
                await session.Execute("UPDATE image SET pulled = $3 WHERE repository = $1 AND digest = $2", pulled.Repository, pulled.Digest.ToString(), now);
                await session.Execute("UPDATE repository SET pulls = pulls + $3 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM image_part WHERE repository = $1 AND part = $2)",
                    pulled.Repository, pulled.Digest.ToString(), count);
            }

            return 0;
        }, cancel);

    private void Count(PulledManifest pulled, long more)
    {
        lock (gate)
        {
            // While the database is away, what has no room is not counted.
            if (counts.Count >= MostKept && !counts.ContainsKey(pulled))
                return;
            counts[pulled] = counts.GetValueOrDefault(pulled) + more;
            if (!running)
            {
                running = true;
                timer.Change(Interval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private async Task WriteQuietly()
    {
        try
        {
            await Write(CancellationToken.None);
        }
        catch (NaruException e)
        {
            Log.Warn($"pulls are counted later: {e.Message}");
        }
    }

    private sealed record PulledManifest(long Repository, Digest Digest);
}
