using System.Buffers;
using System.Security.Cryptography;
using Naru.Base;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;
using Naru.Hub.Storage;
using Naru.Oci;

namespace Naru.Hub.Gc;

/// <summary>Reads everything again and compares: bytes with their digests, what is named with what is there, rows with objects. Changes nothing; a hub may serve beside it.</summary>
/// <remarks>What it finds wrong it looks up once more, since it may have been deleted since.</remarks>
public sealed class Verifier(IDatabase database, IBlobStorage storage)
{
    private const int Piece = 256 << 10;
    private const long Page = 200;

    /// <summary>How old an object without a row must be to be called unused: whoever brings one writes its row soon after.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromHours(1);

    /// <param name="threads">How many blobs are read at once.</param>
    /// <param name="report">Is filled while this runs.</param>
    public async ValueTask Verify(int threads, VerifyReport report, CancellationToken cancel)
    {
        await References(report, cancel);
        await Manifests(report, cancel);
        await Blobs(threads, report, cancel);
        await new GarbageObjects(database, storage).Find(DateTime.UtcNow - Settled, unused =>
        {
            foreach (var entry in unused)
            {
                report.Unused++;
                report.UnusedBytes += entry.Size;
            }

            return ValueTask.CompletedTask;
        }, cancel);
    }

    /// <summary>What rows say of rows, where no foreign key holds them together.</summary>
    private async ValueTask References(VerifyReport report, CancellationToken cancel)
    {
        report.Tags = await database.Read(session => session.Number("SELECT COUNT(*) FROM tag"), cancel) ?? 0;

        // A mirror's image comes before its blobs, which are fetched when somebody wants them.
        var missing = await database.Read(session => session.Query("""
            SELECT r.name, p.digest, p.part FROM image_part p JOIN repository r ON r.id = p.repository WHERE r.mirror = 0
            AND NOT EXISTS (SELECT 1 FROM held WHERE held.repository = p.repository AND held.digest = p.part)
            AND NOT EXISTS (SELECT 1 FROM image WHERE image.repository = p.repository AND image.digest = p.part)
            """, row => $"{row.Text(0)}: manifest {row.Text(1)} names {row.Text(2)}, which the repository does not have"), cancel);
        foreach (var problem in missing)
            report.Wrong(problem);
        var nowhere = await database.Read(session => session.Query("""
            SELECT r.name, t.name, t.digest FROM tag t JOIN repository r ON r.id = t.repository
            WHERE NOT EXISTS (SELECT 1 FROM image WHERE image.repository = t.repository AND image.digest = t.digest)
            """, row => $"{row.Text(0)}: tag {row.Text(1)} points at {row.Text(2)}, which the repository does not have"), cancel);
        foreach (var problem in nowhere)
            report.Wrong(problem);
    }

    /// <summary>Every manifest: its digest, and that all it names is noted wherever it is.</summary>
    private async ValueTask Manifests(VerifyReport report, CancellationToken cancel)
    {
        for (var last = ""; ;)
        {
            var page = await database.Read(session => session.Query("SELECT digest, media_type, content FROM manifest WHERE digest > $1 ORDER BY digest LIMIT $2",
                row => new Manifest(Digest.Parse(row.Text(0)), row.Text(1), row.Bytes(2)), last, Page), cancel);
            foreach (var manifest in page)
            {
                report.Manifests++;
                if (!Matches(manifest))
                    report.Wrong($"manifest {manifest.Digest}: its {manifest.Content.Length} bytes have another digest");
                else
                    await Parts(manifest, report, cancel);
            }

            if (page.Count < Page)
                return;
            last = page[^1].Digest.ToString();
        }
    }

    private async ValueTask Parts(Manifest manifest, VerifyReport report, CancellationToken cancel)
    {
        ManifestForm form;
        try
        {
            form = ManifestForm.Parse(manifest.Content, manifest.MediaType);
        }
        catch (RegistryException e)
        {
            report.Wrong($"manifest {manifest.Digest}: {e.Message}");
            return;
        }

        foreach (var part in form.Blobs.Concat(form.Manifests))
        {
            var unnoted = await database.Read(session => session.Query("""
                SELECT r.name FROM image i JOIN repository r ON r.id = i.repository WHERE i.digest = $1
                AND NOT EXISTS (SELECT 1 FROM image_part p WHERE p.repository = i.repository AND p.digest = i.digest AND p.part = $2)
                """, row => row.Text(0), manifest.Digest.ToString(), part.Digest.ToString()), cancel);
            foreach (var repository in unnoted)
                report.Wrong($"{repository}: that manifest {manifest.Digest} names {part.Digest} is not noted");
        }
    }

    private async ValueTask Blobs(int threads, VerifyReport report, CancellationToken cancel)
    {
        for (var last = ""; ;)
        {
            var page = await database.Read(session => session.Query("""
                SELECT blob.digest, blob.size, blob.object, layer_index.object FROM blob LEFT JOIN layer_index ON layer_index.digest = blob.digest
                WHERE blob.digest > $1 ORDER BY blob.digest LIMIT $2
                """, row => new GarbageBlob(row.Text(0), row.Number(1), row.Text(2), row.TextOrNull(3)), last, Page), cancel);
            await Parallel.ForEachAsync(page, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, async (blob, stop) =>
            {
                if (await Problem(blob, stop) is { } problem && await Still(blob, stop))
                    report.Wrong($"blob {blob.Digest}: {problem}");
                report.Read(blob.Size);
            });
            if (page.Count < Page)
                return;
            last = page[^1].Digest;
        }
    }

    /// <summary>What is wrong with a blob; null when nothing is.</summary>
    private async ValueTask<string?> Problem(GarbageBlob blob, CancellationToken cancel)
    {
        var expected = Digest.Parse(blob.Digest);
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            using var hash = IncrementalHash.CreateHash(expected.HashName);
            await using var content = await storage.Read(blob.Object, 0, long.MaxValue, cancel);
            long size = 0;
            for (int count; (count = await content.ReadAsync(buffer, cancel)) > 0; size += count)
                hash.AppendData(buffer, 0, count);
            if (size != blob.Size)
                return $"object {blob.Object} has {size} bytes and should have {blob.Size}";
            if (Digest.FromHash(hash.GetCurrentHash()) != expected)
                return $"the bytes of object {blob.Object} have another digest";
            if (blob.Index is not null)
                await (await storage.Read(blob.Index, 0, 1, cancel)).DisposeAsync();
            return null;
        }
        catch (Exception e) when (e is NaruException or IOException)
        {
            return e.Message;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<bool> Still(GarbageBlob blob, CancellationToken cancel) => await database.Read(session => session.First("""
        SELECT blob.digest FROM blob LEFT JOIN layer_index ON layer_index.digest = blob.digest
        WHERE blob.digest = $1 AND blob.object = $2 AND COALESCE(layer_index.object, '') = $3
        """, row => row.Text(0), blob.Digest, blob.Object, blob.Index ?? ""), cancel) is not null;

    private static bool Matches(Manifest manifest) => manifest.Digest.Again(manifest.Content) == manifest.Digest;
}
