using Naru.Hub.Metadata;

namespace Naru.Hub.Gc;

/// <summary>Reckons what a collection would take away, and takes nothing: what goes only because something else goes first is followed in memory.</summary>
internal sealed class GarbagePreview(IDatabase database, GarbageOptions options, DateTime now)
{
    private const string OldImages = """
        SELECT repository, digest, subject FROM image WHERE (repository, digest) > ($1, $2) AND named < $3
        AND NOT EXISTS (SELECT 1 FROM tag WHERE tag.repository = image.repository AND tag.digest = image.digest) ORDER BY repository, digest LIMIT $4
        """;

    /// <summary>Images that would go, as <see cref="Key"/>.</summary>
    private readonly HashSet<string> images = new(StringComparer.Ordinal);

    /// <summary>Blobs of repositories that would go, as <see cref="Key"/>, and how many repositories of each digest.</summary>
    private readonly HashSet<string> links = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> linksOf = new(StringComparer.Ordinal);
    private readonly long before = (now - options.Grace).Ticks;

    public GarbageReport Report { get; } = new();

    public async ValueTask Rows(CancellationToken cancel)
    {
        Report.Uploads = await Count("SELECT COUNT(*) FROM upload WHERE touched < $1", cancel, (now - options.UploadLife).Ticks);
        if (options.Untagged)
            await Images(cancel);
        Report.Manifests = await Count($"SELECT COUNT(*) FROM manifest WHERE {GarbageRows.FreeManifest}", cancel);
        await Links(cancel);
        await Blobs(cancel);
    }

    private async ValueTask Images(CancellationToken cancel)
    {
        var old = await All(OldImages, row => new Row(row.Number(0), row.Text(1), row.TextOrNull(2)), cancel);
        for (var more = true; more;)
        {
            more = false;
            foreach (var image in old)
            {
                if (images.Contains(Key(image)) || !await Unneeded(image, cancel))
                    continue;
                images.Add(Key(image));
                Report.Images++;
                more = true;
            }
        }
    }

    private async ValueTask<bool> Unneeded(Row image, CancellationToken cancel) =>
        await AllOwnersGo(image.Repository, image.Digest, cancel) && (image.Subject is null || images.Contains($"{image.Repository} {image.Subject}")
            || await Count("SELECT COUNT(*) FROM image WHERE repository = $1 AND digest = $2", cancel, image.Repository, image.Subject) == 0);

    /// <summary>Whether everything that names this part would go.</summary>
    private async ValueTask<bool> AllOwnersGo(long repository, string part, CancellationToken cancel)
    {
        foreach (var owner in await database.Read(session => session.Query("SELECT digest FROM image_part WHERE repository = $1 AND part = $2", row => row.Text(0), repository, part), cancel))
        {
            if (!images.Contains($"{repository} {owner}"))
                return false;
        }

        return true;
    }

    private async ValueTask Links(CancellationToken cancel)
    {
        var free = $"SELECT repository, digest FROM held WHERE (repository, digest) > ($1, $2) AND {GarbageRows.FreeLink} ORDER BY repository, digest LIMIT $4";
        foreach (var link in await All(free, row => new Row(row.Number(0), row.Text(1), null), cancel))
            Add(link.Repository, link.Digest);
        foreach (var image in images)
        {
            var repository = long.Parse(image.AsSpan(0, image.IndexOf(' ')), System.Globalization.CultureInfo.InvariantCulture);
            var digest = image[(image.IndexOf(' ') + 1)..];
            var parts = await database.Read(session => session.Query("""
                SELECT held.digest FROM image_part JOIN held ON held.repository = image_part.repository AND held.digest = image_part.part
                WHERE image_part.repository = $1 AND image_part.digest = $2 AND held.named < $3
                """, row => row.Text(0), repository, digest, before), cancel);
            foreach (var part in parts)
            {
                if (!links.Contains($"{repository} {part}") && await AllOwnersGo(repository, part, cancel))
                    Add(repository, part);
            }
        }
    }

    private void Add(long repository, string digest)
    {
        if (!links.Add($"{repository} {digest}"))
            return;
        Report.Links++;
        linksOf[digest] = linksOf.GetValueOrDefault(digest) + 1;
    }

    private async ValueTask Blobs(CancellationToken cancel)
    {
        Report.Blobs = await Count($"SELECT COUNT(*) FROM blob WHERE {GarbageRows.FreeBlob}", cancel);
        Report.BlobBytes = await Count($"SELECT COALESCE(SUM(size), 0) FROM blob WHERE {GarbageRows.FreeBlob}", cancel);
        foreach (var (digest, count) in linksOf)
        {
            if (await Count("SELECT COUNT(*) FROM held WHERE digest = $1", cancel, digest) > count)
                continue;
            Report.Blobs++;
            Report.BlobBytes += await Count("SELECT size FROM blob WHERE digest = $1", cancel, digest);
        }
    }

    private async ValueTask<List<Row>> All(string sql, Func<IRow, Row> map, CancellationToken cancel)
    {
        List<Row> all = [];
        var last = new Row(0, "", null);
        while (true)
        {
            var page = await database.Read(session => session.Query(sql, map, last.Repository, last.Digest, before, (long)GarbageRows.Batch), cancel);
            all.AddRange(page);
            if (page.Count < GarbageRows.Batch)
                return all;
            last = page[^1];
        }
    }

    private async ValueTask<long> Count(string sql, CancellationToken cancel, params object?[] parameters) =>
        await database.Read(session => session.Number(sql, parameters), cancel) ?? 0;

    private static string Key(Row row) => $"{row.Repository} {row.Digest}";

    private sealed record Row(long Repository, string Digest, string? Subject);
}
