using Naru.Hub.Accounts;
using Naru.Hub.Metadata;
using Naru.Oci;

namespace Naru.Hub.Registry;

/// <summary>The manifests and tags of repositories.</summary>
/// <remarks>A manifest is one transaction: everything it names is here, and noted as named, or it is refused; it, its parts and its tag appear together.</remarks>
public sealed class Manifests(IDatabase database, RepositoryEvents events)
{
    private readonly ManifestCache cache = new();

    /// <summary>Held by whoever relies on what the manifests of a repository name.</summary>
    internal static string PartsLock(Repository repository) => $"parts of {repository.Id}";

    /// <summary>The manifest of a tag or digest.</summary>
    /// <exception cref="RegistryException">MANIFEST_UNKNOWN.</exception>
    public async ValueTask<Manifest> Require(Repository repository, string reference, CancellationToken cancel) =>
        await Find(repository, reference, cancel) ?? throw Unknown(reference);

    /// <summary>The manifest of a tag or digest, if the repository has it.</summary>
    public async ValueTask<Manifest?> Find(Repository repository, string reference, CancellationToken cancel)
    {
        var digest = Digest.TryParse(reference, out _) ? reference : null;
        if (digest is null && !Names.IsTag(reference))
            return null;
        var found = await database.Read(session => digest is null
            ? session.First("SELECT digest FROM tag WHERE repository = $1 AND name = $2", row => row.Text(0), repository.Id, reference)
            : session.First("SELECT digest FROM image WHERE repository = $1 AND digest = $2", row => row.Text(0), repository.Id, reference), cancel);
        if (found is null)
            return null;
        var known = Digest.Parse(found);
        if (cache.Find(known) is { } cached)
            return cached;
        var manifest = await database.Read(session => session.First("SELECT media_type, content FROM manifest WHERE digest = $1",
            row => new Manifest(known, row.Text(0), row.Bytes(1)), found), cancel);
        if (manifest is not null)
            cache.Add(manifest);
        return manifest;
    }

    /// <summary>Adds a manifest, and points a tag at it when <paramref name="reference"/> is one.</summary>
    /// <exception cref="RegistryException">TAG_INVALID, DIGEST_INVALID, MANIFEST_INVALID, SIZE_INVALID; MANIFEST_BLOB_UNKNOWN: something it names is not in the repository.</exception>
    public async ValueTask<PushedImage> Put(Repository repository, Caller caller, string reference, string? contentType, byte[] content, CancellationToken cancel)
    {
        var byDigest = reference.Contains(':');
        var digest = byDigest ? Verified(reference, content) : Digest.Of(content);
        var tag = byDigest ? null : Names.CheckTag(reference);
        var form = ManifestForm.Parse(content, contentType);
        var change = new RepositoryEvent(RepositoryEventKind.Push, repository, caller, tag, digest, form.MediaType, DateTime.UtcNow);
        await database.Write(async session =>
        {
            await session.Lock(PartsLock(repository));
            var now = change.At.Ticks;
            var size = form.Size;
            foreach (var blob in form.Blobs)
            {
                if (await session.Execute("UPDATE held SET named = $3 WHERE repository = $1 AND digest = $2", repository.Id, blob.Digest.ToString(), now) == 0)
                    throw Missing(blob);
            }

            foreach (var part in form.Manifests)
            {
                await session.Execute("UPDATE image SET named = $3 WHERE repository = $1 AND digest = $2", repository.Id, part.Digest.ToString(), now);
                size += await session.Number("SELECT size FROM image WHERE repository = $1 AND digest = $2", repository.Id, part.Digest.ToString()) ?? throw Missing(part);
            }

            await ManifestRows.Add(session, repository, tag, new Manifest(digest, form.MediaType, content), form, size, now);
            await events.Write(session, change);
            return 0;
        }, cancel);
        events.Tell(change);
        return new PushedImage(digest, form.Subject?.Digest);
    }

    /// <summary>Takes away a tag, or a manifest with all of its tags.</summary>
    /// <exception cref="RegistryException">MANIFEST_UNKNOWN; UNSUPPORTED: an index of the repository lists it.</exception>
    public async ValueTask Delete(Repository repository, Caller caller, string reference, CancellationToken cancel)
    {
        var byDigest = Digest.TryParse(reference, out var digest);
        var change = await database.Write(async session =>
        {
            await session.Lock(PartsLock(repository));
            var media = await session.First(byDigest
                ? "SELECT media_type, digest FROM image WHERE repository = $1 AND digest = $2"
                : "SELECT i.media_type, i.digest FROM tag t JOIN image i ON i.repository = t.repository AND i.digest = t.digest WHERE t.repository = $1 AND t.name = $2",
                row => new Manifest(Digest.Parse(row.Text(1)), row.Text(0), []), repository.Id, reference) ?? throw Unknown(reference);
            if (byDigest)
            {
                if (await session.First("SELECT digest FROM image_part WHERE repository = $1 AND part = $2", row => row.Text(0), repository.Id, reference) is { } index)
                    throw new RegistryException(RegistryErrorCode.Unsupported, $"manifest is part of index {index}, which has to be deleted first", reference);
                await session.Execute("DELETE FROM image WHERE repository = $1 AND digest = $2", repository.Id, reference);
            }
            else
            {
                await session.Execute("DELETE FROM tag WHERE repository = $1 AND name = $2", repository.Id, reference);
            }

            var change = new RepositoryEvent(RepositoryEventKind.Delete, repository, caller, byDigest ? null : reference, media.Digest, media.MediaType, DateTime.UtcNow);
            await events.Write(session, change);
            return change;
        }, cancel);
        events.Tell(change);
    }

    /// <summary>Tags in the order of their bytes, after <paramref name="last"/>, at most <paramref name="count"/>.</summary>
    public ValueTask<List<string>> Tags(Repository repository, string last, int count, CancellationToken cancel) =>
        database.Read(session => session.Query("SELECT name FROM tag WHERE repository = $1 AND name > $2 ORDER BY name LIMIT $3", row => row.Text(0), repository.Id, last, (long)count), cancel);

    /// <summary>The manifests that are about <paramref name="subject"/>, in the order of their digests, after <paramref name="last"/>, at most <paramref name="count"/>.</summary>
    /// <param name="artifactType">Only those of this type; null for all.</param>
    public async ValueTask<List<Descriptor>> Referrers(Repository repository, Digest subject, string? artifactType, string last, int count, CancellationToken cancel)
    {
        var found = await database.Read(session => session.Query("""
            SELECT i.digest, m.media_type, m.content FROM image i JOIN manifest m ON m.digest = i.digest
            WHERE i.repository = $1 AND i.subject = $2 AND ($3 = '' OR i.artifact_type = $3) AND i.digest > $4 ORDER BY i.digest LIMIT $5
            """, row => new Manifest(Digest.Parse(row.Text(0)), row.Text(1), row.Bytes(2)), repository.Id, subject.ToString(), artifactType ?? "", last, (long)count), cancel);
        List<Descriptor> referrers = [];
        foreach (var manifest in found)
        {
            var form = ManifestForm.Parse(manifest.Content, manifest.MediaType);
            referrers.Add(new Descriptor
            {
                MediaType = manifest.MediaType,
                Digest = manifest.Digest,
                Size = manifest.Content.Length,
                ArtifactType = form.ArtifactType,
                Annotations = form.Annotations,
            });
        }

        return referrers;
    }

    private static Digest Verified(string reference, byte[] content)
    {
        if (!Digest.TryParse(reference, out var digest))
            throw new RegistryException(RegistryErrorCode.DigestInvalid, "invalid digest", reference);
        return digest.Again(content) == digest ? digest : throw new RegistryException(RegistryErrorCode.DigestInvalid, "provided digest did not match uploaded content", reference);
    }

    private static RegistryException Unknown(string reference) => new(RegistryErrorCode.ManifestUnknown, "manifest unknown", reference);

    private static RegistryException Missing(Descriptor part) => new(RegistryErrorCode.ManifestBlobUnknown, "manifest references a manifest or blob unknown to registry", part.Digest.ToString());
}
