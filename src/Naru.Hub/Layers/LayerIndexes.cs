using Naru.Base;
using Naru.Hub.Metadata;
using Naru.Hub.Storage;

namespace Naru.Hub.Layers;

/// <summary>The indexes that there are: a row each in <c>layer_index</c>, and an object in the storage. Keeps the last few open. One a process.</summary>
/// <remarks>
/// A row's life: none; a claim (no object, no failure), renewed while somebody reads the layer, and anybody's when it was not renewed for
/// <see cref="Lease"/>; an object, or a failure. A row of a deleted blob goes with it; its object is then nobody's, and the garbage collection's.
/// </remarks>
public sealed class LayerIndexes(IDatabase database, IBlobStorage storage)
{
    private const int MostOpen = 48;
    private const int LongestFailure = 400;

    // The most recent last.
    private readonly List<(string Object, LayerIndex Index)> open = [];

    /// <summary>How long a claim holds without being renewed.</summary>
    internal TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Is told of a layer that has no index, and that somebody wants to look at.</summary>
    internal Action<string>? Wanted { get; set; }

    /// <summary>Is told when an index was opened: those that are open stay in memory.</summary>
    public Action? Opened { get; set; }

    /// <summary>Closes all indexes: they are opened again as they are needed.</summary>
    public void Trim()
    {
        lock (open)
            open.Clear();
    }

    public async ValueTask<LayerIndexState> State(string digest, CancellationToken cancel)
    {
        var row = await Row(digest, cancel);
        if (row is null)
            Wanted?.Invoke(digest);
        return new LayerIndexState(row?.Object is not null, row?.Failure);
    }

    /// <summary>Runs <paramref name="work"/> on a layer's index.</summary>
    /// <exception cref="NaruException">Unavailable: not indexed yet. FailedPrecondition: cannot be indexed, and why.</exception>
    internal async ValueTask<T> Use<T>(string digest, Func<LayerIndex, ValueTask<T>> work, CancellationToken cancel)
    {
        var row = await Row(digest, cancel);
        if (row?.Failure is { } failure)
            throw NaruException.Precondition($"layer {digest} has no list of files: {failure}");
        if (row is null)
            Wanted?.Invoke(digest);
        if (row?.Object is not { } key)
            throw new NaruException(ErrorKind.Unavailable, $"layer {digest} is not indexed yet");
        try
        {
            return await work(await Open(key, cancel));
        }
        catch (NaruException e) when (e.Kind is ErrorKind.Internal or ErrorKind.NotFound)
        {
            // Damaged, of another version, or gone: the layer is the truth, so it is read again.
            Log.Warn($"index of layer {digest}, object {key}: {e.Message}; it will be made again");
            await Forget(digest, key, cancel);
            throw new NaruException(ErrorKind.Unavailable, $"layer {digest} is being indexed again", e);
        }
    }

    /// <summary>The index of a layer; null when there is none, for whatever reason.</summary>
    internal async ValueTask<LayerIndex?> Find(string digest, CancellationToken cancel)
    {
        if ((await Row(digest, cancel))?.Object is null)
            return null;
        return await Use(digest, index => new ValueTask<LayerIndex>(index), cancel);
    }

    /// <summary>Takes a layer that has no index for this process. Null when somebody else has it, or there is an index or a failure.</summary>
    internal async ValueTask<LayerClaim?> Claim(string digest, CancellationToken cancel) => await database.Write(async session =>
    {
        var blob = await session.First("SELECT object, size FROM blob WHERE digest = $1", row => new LayerBlob(row.Text(0), row.Number(1)), digest);
        if (blob is null)
            return null;
        var now = DateTime.UtcNow.Ticks;
        var claimed = await session.Execute(
            """
            INSERT INTO layer_index (digest, created) VALUES ($1, $2) ON CONFLICT (digest) DO UPDATE SET created = $2
                WHERE layer_index.object IS NULL AND layer_index.failure IS NULL AND layer_index.created < $3
            """, digest, now, now - Lease.Ticks);
        return claimed == 0 ? null : new LayerClaim(digest, blob, now);
    }, cancel);

    /// <summary>Keeps a claim; false when it is lost, or the blob is gone.</summary>
    internal async ValueTask<bool> Renew(LayerClaim claim, CancellationToken cancel)
    {
        var now = Math.Max(DateTime.UtcNow.Ticks, claim.Time + 1);
        if (!await End("UPDATE layer_index SET created = $2", claim, now, cancel))
            return false;
        claim.Time = now;
        return true;
    }

    /// <summary>The layer is indexed. False when the claim was lost: the object is nobody's.</summary>
    internal ValueTask<bool> Complete(LayerClaim claim, string key, CancellationToken cancel) => End("UPDATE layer_index SET object = $2", claim, key, cancel);

    /// <summary>The layer cannot be indexed.</summary>
    internal ValueTask<bool> Fail(LayerClaim claim, string failure, CancellationToken cancel) =>
        End("UPDATE layer_index SET failure = $2", claim, failure.Length > LongestFailure ? failure[..LongestFailure] : failure, cancel);

    /// <summary>Gives a claim back: the layer is anybody's at once.</summary>
    internal async ValueTask Release(LayerClaim claim, CancellationToken cancel) => await database.Write(session => session.Execute(
        "DELETE FROM layer_index WHERE digest = $1 AND created = $2 AND object IS NULL AND failure IS NULL", claim.Digest, claim.Time), cancel);

    /// <summary>Layers of pushed images that have neither index nor failure, those behind <paramref name="after"/>; claimed ones among them.</summary>
    internal ValueTask<List<string>> Missing(string after, int limit, CancellationToken cancel) => database.Read(session => session.Query(
        $"""
        SELECT blob.digest FROM blob LEFT JOIN layer_index ON layer_index.digest = blob.digest
        WHERE blob.digest > $1 AND layer_index.object IS NULL AND layer_index.failure IS NULL AND EXISTS (SELECT 1 FROM held
            JOIN image_part ON image_part.repository = held.repository AND image_part.part = held.digest WHERE held.digest = blob.digest)
        ORDER BY blob.digest LIMIT {limit}
        """, row => row.Text(0), after), cancel);

    /// <summary>What an image of a repository names: its layers, and its config.</summary>
    internal ValueTask<List<string>> Parts(long repository, string image, CancellationToken cancel) => database.Read(session => session.Query(
        "SELECT part FROM image_part WHERE repository = $1 AND digest = $2", row => row.Text(0), repository, image), cancel);

    /// <summary>True when somebody has taken the layer, or had when it was killed.</summary>
    internal async ValueTask<bool> IsClaimed(string digest, CancellationToken cancel) => await Row(digest, cancel) is { Object: null, Failure: null };

    private async ValueTask<bool> End(string update, LayerClaim claim, object value, CancellationToken cancel) => await database.Write(session => session.Execute(
        $"{update} WHERE digest = $1 AND created = $3 AND object IS NULL AND failure IS NULL", claim.Digest, value, claim.Time), cancel) > 0;

    private async ValueTask Forget(string digest, string key, CancellationToken cancel)
    {
        lock (open)
            open.RemoveAll(entry => entry.Object == key);
        if (await database.Write(session => session.Execute("DELETE FROM layer_index WHERE digest = $1 AND object = $2", digest, key), cancel) > 0)
            await storage.Delete(key, cancel);
        Wanted?.Invoke(digest);
    }

    private async ValueTask<LayerIndex> Open(string key, CancellationToken cancel)
    {
        lock (open)
        {
            var at = open.FindIndex(entry => entry.Object == key);
            if (at >= 0)
            {
                var entry = open[at];
                open.RemoveAt(at);
                open.Add(entry);
                return entry.Index;
            }
        }

        var index = await LayerIndex.Open(storage, key, cancel);
        lock (open)
        {
            if (open.Count == MostOpen)
                open.RemoveAt(0);
            open.Add((key, index));
        }

        Opened?.Invoke();
        return index;
    }

    private ValueTask<LayerRow?> Row(string digest, CancellationToken cancel) => database.Read(session => session.First(
        "SELECT object, failure FROM layer_index WHERE digest = $1", row => new LayerRow(row.TextOrNull(0), row.TextOrNull(1)), digest), cancel);

    private sealed record LayerRow(string? Object, string? Failure);
}
