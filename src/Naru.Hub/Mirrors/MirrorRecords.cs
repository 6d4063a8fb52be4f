using Naru.Hub.Catalogue;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;
using Naru.Images;
using Naru.Oci;

namespace Naru.Hub.Mirrors;

/// <summary>What the database holds of mirrored registries: repositories as any other's, whose manifests may name what is not here.</summary>
internal sealed class MirrorRecords(IDatabase database)
{
    /// <summary>Makes the repositories of every mirror as visible as its settings now say. Once, at the start.</summary>
    public async ValueTask Adjust(MirrorList mirrors, CancellationToken cancel)
    {
        foreach (var mirror in mirrors.All)
        {
            await database.Write(session => session.Execute("UPDATE repository SET private = $1 WHERE mirror = 1 AND private <> $1 AND name > $2 AND name < $3",
                Hidden(mirror), mirror.Folder + "/", mirror.Folder + "0"), cancel);
        }
    }

    public ValueTask<Repository?> Find(MirroredName at, CancellationToken cancel) => database.Read(session => Find(session, at), cancel);

    /// <summary>The repository, made when it is not there: the upstream has it.</summary>
    public ValueTask<Repository> Make(MirroredName at, CancellationToken cancel) => database.Write(session => Make(session, at), cancel);

    /// <summary>Keeps a manifest as the upstream gave it, and points a tag at it.</summary>
    /// <param name="tag">Null when it was asked for by its digest.</param>
    /// <exception cref="RegistryException">MANIFEST_INVALID.</exception>
    public ValueTask<Repository> Keep(MirroredName at, string? tag, RegistryManifest manifest, CancellationToken cancel)
    {
        var form = ManifestForm.Parse(manifest.Content, manifest.Descriptor.MediaType);
        return database.Write(async session =>
        {
            var repository = await Make(session, at);
            await session.Lock(Manifests.PartsLock(repository));
            var size = form.Size;
            foreach (var part in form.Manifests)
                size += await session.Number("SELECT size FROM image WHERE repository = $1 AND digest = $2", repository.Id, part.Digest.ToString()) ?? 0;
            await ManifestRows.Add(session, repository, tag, new Manifest(manifest.Descriptor.Digest, form.MediaType, manifest.Content), form, size, DateTime.UtcNow.Ticks);
            return repository;
        }, cancel);
    }

    /// <summary>Points a tag at a manifest that is here; false when it is not any more.</summary>
    public async ValueTask<bool> Tag(Repository repository, string tag, Digest digest, CancellationToken cancel) => await database.Write(session => session.Execute("""
        INSERT INTO tag (repository, name, digest, pushed) SELECT $1, $2, i.digest, $4 FROM image i WHERE i.repository = $1 AND i.digest = $3
        ON CONFLICT (repository, name) DO UPDATE SET digest = excluded.digest, pushed = excluded.pushed
        """, repository.Id, tag, digest.ToString(), DateTime.UtcNow.Ticks), cancel) > 0;

    public async ValueTask Untag(Repository repository, string tag, CancellationToken cancel) =>
        await database.Write(session => session.Execute("DELETE FROM tag WHERE repository = $1 AND name = $2", repository.Id, tag), cancel);

    /// <summary>How many bytes a blob has by the manifests here that name it; null when none does.</summary>
    public async ValueTask<long?> Size(Repository repository, Digest digest, CancellationToken cancel)
    {
        var manifest = await database.Read(session => session.First(
            "SELECT m.digest, m.media_type, m.content FROM image_part p JOIN manifest m ON m.digest = p.digest WHERE p.repository = $1 AND p.part = $2 LIMIT 1",
            row => new Manifest(Digest.Parse(row.Text(0)), row.Text(1), row.Bytes(2)), repository.Id, digest.ToString()), cancel);
        if (manifest is null)
            return null;
        foreach (var blob in ManifestForm.Parse(manifest.Content, manifest.MediaType).Blobs)
        {
            if (blob.Digest == digest)
                return blob.Size;
        }

        return null;
    }

    private static ValueTask<Repository?> Find(ISession session, MirroredName at) => session.First("SELECT id, name, account, private FROM repository WHERE name = $1 AND mirror = 1",
        row => new Repository(row.Number(0), row.Text(1), row.NumberOrNull(2), row.Truth(3)), at.Name);

    private static async ValueTask<Repository> Make(ISession session, MirroredName at)
    {
        if (await Find(session, at) is { } found)
            return found;

        // A name that was pushed before there was such a mirror becomes the mirror's.
        await session.Execute("""
            INSERT INTO repository (account, name, private, description, readme, mirror, created) VALUES (NULL, $1, $2, '', '', 1, $3)
            ON CONFLICT (name) DO UPDATE SET mirror = 1, private = excluded.private
            """, at.Name, Hidden(at.Mirror), DateTime.UtcNow.Ticks);
        var made = (await Find(session, at))!;
        await RepositoryTerms.Write(session, made.Id, made.Name, "");
        return made;
    }

    private static long Hidden(Mirror mirror) => mirror.Public ? 0 : 1;
}
