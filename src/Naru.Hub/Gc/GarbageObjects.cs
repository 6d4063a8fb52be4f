using System.Globalization;
using System.Text;
using Naru.Hub.Metadata;
using Naru.Hub.Storage;

namespace Naru.Hub.Gc;

/// <summary>Objects of the storage that no row names: what a process left that ended between the two.</summary>
internal sealed class GarbageObjects(IDatabase database, IBlobStorage storage)
{
    private const int Batch = 100;
    private const int AtOnce = 8;

    /// <summary>One statement, so of one moment: an upload that becomes a blob meanwhile is found as the one or the other.</summary>
    private static readonly string Known = Statement();

    /// <summary>Walks through all objects that are older than <paramref name="before"/>, some at a time; those without a row are handed to <paramref name="found"/>.</summary>
    public async ValueTask Find(DateTime before, Func<List<StoredObject>, ValueTask> found, CancellationToken cancel)
    {
        List<StoredObject> batch = [];
        await foreach (var entry in storage.List(cancel))
        {
            if (entry.Changed >= before)
                continue;
            batch.Add(entry);
            if (batch.Count == Batch)
            {
                await found(await Unknown(batch, cancel));
                batch.Clear();
            }
        }

        if (batch.Count > 0)
            await found(await Unknown(batch, cancel));
    }

    public Task Delete(IEnumerable<string> keys, CancellationToken cancel) =>
        Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, storage.Delete);

    private async ValueTask<List<StoredObject>> Unknown(List<StoredObject> batch, CancellationToken cancel)
    {
        // Always as many parameters as the statement has, so that it is prepared once.
        var keys = new object?[Batch];
        for (var i = 0; i < Batch; i++)
            keys[i] = batch[Math.Min(i, batch.Count - 1)].Key;
        var known = new HashSet<string>(await database.Read(session => session.Query(Known, row => row.Text(0), keys), cancel), StringComparer.Ordinal);
        List<StoredObject> unknown = [];
        foreach (var entry in batch)
        {
            if (!known.Contains(entry.Key))
                unknown.Add(entry);
        }

        return unknown;
    }

    private static string Statement()
    {
        var places = new StringBuilder();
        for (var i = 1; i <= Batch; i++)
            places.Append(CultureInfo.InvariantCulture, $"{(i > 1 ? ", " : "")}${i}");
        return $"SELECT object FROM blob WHERE object IN ({places}) UNION ALL SELECT object FROM layer_index WHERE object IN ({places}) UNION ALL SELECT id FROM upload WHERE id IN ({places})";
    }
}
