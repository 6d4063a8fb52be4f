using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Limits;
using Naru.Hub.Metadata;
using Naru.Hub.Storage;
using Naru.Oci;

namespace Naru.Hub.Registry;

/// <summary>The blobs of repositories: found, read, mounted, let go. How they come in: <see cref="Uploads"/>.</summary>
public sealed class Blobs(IDatabase database, IBlobStorage storage, Quotas? quotas = null)
{
    /// <summary>How long a note that somebody is about to push a manifest with this blob is good, before it is written again: far less than the collector's grace.</summary>
    private static readonly TimeSpan NoteLasts = TimeSpan.FromMinutes(10);

    /// <summary>The blob, if the repository holds it.</summary>
    /// <param name="pushing">The one who asks may push, and may leave out the upload because of the answer: the collector must know.</param>
    public async ValueTask<Blob?> Find(Repository repository, Digest digest, bool pushing, CancellationToken cancel)
    {
        var found = await database.Read(session => session.First(
            "SELECT b.size, b.object, h.named FROM held h JOIN blob b ON b.digest = h.digest WHERE h.repository = $1 AND h.digest = $2",
            row => new Held(new Blob(digest, row.Number(0), row.Text(1)), row.Time(2)), repository.Id, digest.ToString()), cancel);
        if (found is null)
            return null;
        if (!pushing || DateTime.UtcNow - found.Named < NoteLasts)
            return found.Blob;

        // Collected since it was read: then it is not there.
        return await database.Write(session => session.Execute("UPDATE held SET named = $3 WHERE repository = $1 AND digest = $2",
            repository.Id, digest.ToString(), DateTime.UtcNow.Ticks), cancel) > 0 ? found.Blob : null;
    }

    /// <inheritdoc cref="Find"/>
    /// <exception cref="RegistryException">BLOB_UNKNOWN.</exception>
    public async ValueTask<Blob> Require(Repository repository, Digest digest, bool pushing, CancellationToken cancel) =>
        await Find(repository, digest, pushing, cancel) ?? throw Unknown(digest);

    /// <summary>Some of the blob's bytes.</summary>
    public ValueTask<Stream> Read(Blob blob, long offset, long length, CancellationToken cancel) => storage.Read(blob.Object, offset, length, cancel);

    /// <summary>Where a client can fetch the blob without this program; null where it cannot.</summary>
    public ValueTask<Uri?> Address(Blob blob, CancellationToken cancel) => storage.Address(blob.Object, TimeSpan.FromMinutes(20), cancel);

    /// <summary>Lets <paramref name="repository"/> hold a blob that <paramref name="from"/> holds. False when that does not hold it.</summary>
    /// <exception cref="RegistryException">DENIED: the account's quota does not hold it.</exception>
    public async ValueTask<bool> Mount(Repository repository, Repository from, Digest digest, CancellationToken cancel)
    {
        var now = DateTime.UtcNow.Ticks;
        return await database.Write(async session =>
        {
            if (quotas is not null
                && await session.Number("SELECT b.size FROM held h JOIN blob b ON b.digest = h.digest WHERE h.repository = $1 AND h.digest = $2", from.Id, digest.ToString()) is { } size)
                await quotas.Require(session, repository, digest, size);
            return await session.Execute("""
                INSERT INTO held (repository, digest, named) SELECT $1, h.digest, $4 FROM held h WHERE h.repository = $2 AND h.digest = $3
                ON CONFLICT (repository, digest) DO UPDATE SET named = excluded.named
                """, repository.Id, from.Id, digest.ToString(), now);
        }, cancel) > 0;
    }

    /// <summary>Lets the repository hold a blob that is in the storage for another's sake; null when it is not. Only for who knows that the repository has it.</summary>
    internal async ValueTask<Blob?> Hold(Repository repository, Digest digest, CancellationToken cancel) => await database.Write(async session =>
    {
        // The row is locked against the collector until held names it.
        if (await session.Execute("UPDATE blob SET created = created WHERE digest = $1", digest.ToString()) == 0)
            return null;
        await session.Execute("INSERT INTO held (repository, digest, named) VALUES ($1, $2, $3) ON CONFLICT (repository, digest) DO UPDATE SET named = excluded.named",
            repository.Id, digest.ToString(), DateTime.UtcNow.Ticks);
        return await session.First("SELECT size, object FROM blob WHERE digest = $1", row => new Blob(digest, row.Number(0), row.Text(1)), digest.ToString());
    }, cancel);

    /// <summary>Takes the blob out of the repository. Other repositories keep it.</summary>
    /// <exception cref="RegistryException">BLOB_UNKNOWN; UNSUPPORTED: a manifest of the repository names it.</exception>
    public async ValueTask Delete(Repository repository, Caller caller, Digest digest, CancellationToken cancel) =>
        await database.Write(async session =>
        {
            await session.Lock(Manifests.PartsLock(repository));
            if (await session.First("SELECT digest FROM image_part WHERE repository = $1 AND part = $2", row => row.Text(0), repository.Id, digest.ToString()) is { } manifest)
                throw new RegistryException(RegistryErrorCode.Unsupported, $"blob is part of manifest {manifest}, which has to be deleted first", digest.ToString());
            if (await session.Execute("DELETE FROM held WHERE repository = $1 AND digest = $2", repository.Id, digest.ToString()) == 0)
                throw Unknown(digest);
            await AuditTrail.Add(session, caller, AuditAction.BlobDeleted, repository.Name, digest.ToString());
            return 0;
        }, cancel);

    private static RegistryException Unknown(Digest digest) => new(RegistryErrorCode.BlobUnknown, "blob unknown to registry", digest.ToString());

    private sealed record Held(Blob Blob, DateTime Named);
}
