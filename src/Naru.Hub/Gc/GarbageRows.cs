using Naru.Base;
using Naru.Hub.Metadata;

namespace Naru.Hub.Gc;

/// <summary>Which rows may go, and how they go: some at a time, each by one statement that looks once more.</summary>
/// <remarks>
/// Why nothing goes that a push names, on PostgreSQL's READ COMMITTED as on SQLite, where writes follow each other. A statement that meets a row which
/// another transaction has changed waits for its end, then looks at that row, not at others, as it is then. So what a push relies on, it writes
/// into the row itself:
/// <list type="bullet">
/// <item>HEAD, a mount or the end of an upload set <c>held.named</c>; a manifest sets it for each of its parts, and fails where no row is left. Whoever comes
/// first: the collector's DELETE waits, sees the new time and leaves the row; or the push waits, finds no row, and says MANIFEST_BLOB_UNKNOWN, or that the
/// blob is not here, as it would have a moment later. The DELETE's other condition, that no manifest has the part, may be as old as the statement; a
/// manifest that came since has set <c>named</c> in the same transaction.</item>
/// <item>A manifest that is pushed again, or that an index names, has <c>image.named</c> set: the same. A tag comes only with such a push; a mirror's, which
/// does not, can be fetched again.</item>
/// <item><c>blob</c> and <c>manifest</c> rows have no time: there the foreign keys of <c>held</c> and <c>image</c> decide. A push that refers to a row which is being
/// deleted waits and fails, and the database runs it again: it then finds no row and brings its own. Where the push came first, the DELETE waits
/// and fails, is run again, and sees that the row is needed.</item>
/// <item>An object of the storage goes after the transaction that took its row. Its key is nobody else's: whoever brings the same blob has another object.</item>
/// </list>
/// </remarks>
internal sealed class GarbageRows(IDatabase database)
{
    public const int Batch = 100;

    public const string FreeImage = """
        named < $3 AND NOT EXISTS (SELECT 1 FROM tag WHERE tag.repository = image.repository AND tag.digest = image.digest)
        AND NOT EXISTS (SELECT 1 FROM image_part WHERE image_part.repository = image.repository AND image_part.part = image.digest)
        AND NOT EXISTS (SELECT 1 FROM image about WHERE about.repository = image.repository AND about.digest = image.subject)
        """;

    public const string FreeLink = "named < $3 AND NOT EXISTS (SELECT 1 FROM image_part WHERE image_part.repository = held.repository AND image_part.part = held.digest)";

    public const string FreeManifest = "NOT EXISTS (SELECT 1 FROM image WHERE image.digest = manifest.digest)";

    public const string FreeBlob = "NOT EXISTS (SELECT 1 FROM held WHERE held.digest = blob.digest)";

    /// <summary>Uploads that nobody touched since <paramref name="before"/>; their keys are returned, for their objects to be deleted.</summary>
    public async ValueTask<List<string>> Uploads(DateTime before, CancellationToken cancel) => await database.Write(session => session.Query(
        "DELETE FROM upload WHERE touched < $1 AND id IN (SELECT id FROM upload WHERE touched < $1 LIMIT $2) RETURNING id", row => row.Text(0), before.Ticks, (long)Batch), cancel);

    /// <summary>Manifests of repositories that nothing needs.</summary>
    public ValueTask<GarbagePage> Images(GarbagePage after, DateTime before, CancellationToken cancel) => Rows("image", FreeImage, after, before, cancel);

    /// <summary>Blobs of repositories that nothing needs.</summary>
    public ValueTask<GarbagePage> Links(GarbagePage after, DateTime before, CancellationToken cancel) => Rows("held", FreeLink, after, before, cancel);

    /// <summary>Manifests that no repository has.</summary>
    public async ValueTask<GarbagePage> Manifests(GarbagePage after, CancellationToken cancel)
    {
        var found = await database.Read(session => session.Query(
            $"SELECT digest FROM manifest WHERE digest > $1 AND {FreeManifest} ORDER BY digest LIMIT $2", row => row.Text(0), after.Digest, (long)Batch), cancel);
        var gone = await Delete(found, (session, digest) => session.Execute($"DELETE FROM manifest WHERE digest = $1 AND {FreeManifest}", digest), cancel);
        return found.Count == 0 ? GarbagePage.End : new GarbagePage(0, found[^1], gone.Count, found.Count < Batch);
    }

    /// <summary>Blobs that no repository has; those that went are added to <paramref name="gone"/>, for their objects to be deleted.</summary>
    public async ValueTask<GarbagePage> Blobs(GarbagePage after, List<GarbageBlob> gone, CancellationToken cancel)
    {
        var found = await database.Read(session => session.Query($"""
            SELECT blob.digest, blob.size, blob.object, layer_index.object FROM blob LEFT JOIN layer_index ON layer_index.digest = blob.digest
            WHERE blob.digest > $1 AND {FreeBlob} ORDER BY blob.digest LIMIT $2
            """, row => new GarbageBlob(row.Text(0), row.Number(1), row.Text(2), row.TextOrNull(3)), after.Digest, (long)Batch), cancel);
        var deleted = await Delete(found, (session, blob) => session.Execute($"DELETE FROM blob WHERE digest = $1 AND object = $2 AND {FreeBlob}", blob.Digest, blob.Object), cancel);
        gone.AddRange(deleted);
        return found.Count == 0 ? GarbagePage.End : new GarbagePage(0, found[^1].Digest, deleted.Count, found.Count < Batch);
    }

    private async ValueTask<GarbagePage> Rows(string table, string condition, GarbagePage after, DateTime before, CancellationToken cancel)
    {
        var found = await database.Read(session => session.Query(
            $"SELECT repository, digest FROM {table} WHERE (repository, digest) > ($1, $2) AND {condition} ORDER BY repository, digest LIMIT $4",
            row => new GarbagePage(row.Number(0), row.Text(1), 0, false), after.Repository, after.Digest, before.Ticks, (long)Batch), cancel);
        var gone = await Delete(found, (session, row) =>
            session.Execute($"DELETE FROM {table} WHERE repository = $1 AND digest = $2 AND {condition}", row.Repository, row.Digest, before.Ticks), cancel);
        return found.Count == 0 ? GarbagePage.End : found[^1] with { Deleted = gone.Count, Last = found.Count < Batch };
    }

    /// <summary>Deletes what was found, in one transaction; what really went. Where a push holds on to one of them longer than the database tries, all stay until the next time.</summary>
    private async ValueTask<List<T>> Delete<T>(List<T> found, Func<ISession, T, ValueTask<int>> delete, CancellationToken cancel)
        where T : class
    {
        if (found.Count == 0)
            return [];
        try
        {
            return await database.Write(async session =>
            {
                List<T> gone = [];
                foreach (var one in found)
                {
                    if (await delete(session, one) > 0)
                        gone.Add(one);
                }

                return gone;
            }, cancel);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.Conflict)
        {
            return [];
        }
    }
}
