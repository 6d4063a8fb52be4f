using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Limits;
using Naru.Hub.Metadata;
using Naru.Hub.Storage;
using Naru.Oci;

namespace Naru.Hub.Registry;

/// <summary>How blobs come in: begun, written in one piece or many, verified, and only then a blob of the repository.</summary>
/// <remarks>
/// An upload is a row and an object that is not complete; its id is the object's key. Any process goes on with it: the object says how far it
/// is. This process keeps those it wrote to lately, with the hash so far; otherwise the bytes are read again at the end.
/// </remarks>
public sealed class Uploads(IDatabase database, IBlobStorage storage, Quotas? quotas = null) : IAsyncDisposable
{
    private static readonly TimeSpan KeptOpen = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WaitForOther = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<string, OpenUpload> open = [];

    /// <summary>Begins an upload; its id.</summary>
    /// <exception cref="RegistryException">TOOMANYREQUESTS: too many are open; DENIED: the account's quota is used up.</exception>
    public async ValueTask<string> Begin(Repository repository, Caller caller, CancellationToken cancel)
    {
        var id = ObjectKey.New();

        // The row comes first: whoever is refused has stored nothing, and a process that ends here leaves no more than a row, which is collected.
        await database.Write(async session =>
        {
            if (quotas is not null)
                await quotas.RequireUpload(session, repository, caller);
            return await session.Execute("INSERT INTO upload (id, repository, account, length, touched) VALUES ($1, $2, $3, 0, $4)",
                id, repository.Id, caller.Account, DateTime.UtcNow.Ticks);
        }, cancel);
        OpenUpload upload;
        try
        {
            upload = new OpenUpload(await storage.Create(id, cancel));
        }
        catch
        {
            // What may be there of it without a row is collected.
            await database.Write(session => session.Execute("DELETE FROM upload WHERE id = $1", id), CancellationToken.None);
            throw;
        }

        lock (gate)
            open[id] = upload;
        await CloseIdle();
        return id;
    }

    /// <summary>How many bytes the upload has.</summary>
    /// <exception cref="RegistryException">BLOB_UPLOAD_UNKNOWN.</exception>
    public ValueTask<long> Length(Repository repository, string id, CancellationToken cancel) =>
        Use(repository, id, upload => new ValueTask<long>(upload.Writer.Length), cancel);

    /// <summary>Adds a body to the upload; how many bytes it has then. A body that ends early is kept as far as it came.</summary>
    /// <param name="first">Where the sender says that the body starts; null when it does not say.</param>
    /// <param name="count">How long it says the body is; null when it does not say.</param>
    /// <exception cref="RegistryException">BLOB_UPLOAD_UNKNOWN; RANGE_INVALID: it does not start where the upload ends; SIZE_INVALID.</exception>
    public ValueTask<long> Append(Repository repository, string id, Stream body, long? first, long? count, CancellationToken cancel) =>
        Use(repository, id, async upload =>
        {
            var before = upload.Writer.Length;
            if (first is { } start && start != before)
                throw OutOfOrder(id, before);
            try
            {
                await upload.Append(body, cancel);
            }
            finally
            {
                await Touch(id, upload.Writer.Length);
            }

            if (count is { } expected && upload.Writer.Length - before != expected)
                throw new RegistryException(RegistryErrorCode.SizeInvalid, $"the body has {upload.Writer.Length - before} bytes, its Content-Range {expected}", id);
            return upload.Writer.Length;
        }, cancel);

    /// <summary>Ends the upload with the last of its bytes: verified, it is a blob of the repository. With another digest nothing of it is kept.</summary>
    /// <exception cref="RegistryException">BLOB_UPLOAD_UNKNOWN, RANGE_INVALID, DIGEST_INVALID, or DENIED: the account's quota does not hold it.</exception>
    public ValueTask<Blob> Finish(Repository repository, string id, Stream body, long? first, Digest digest, CancellationToken cancel) =>
        Use(repository, id, async upload =>
        {
            if (first is { } start && start != upload.Writer.Length)
                throw OutOfOrder(id, upload.Writer.Length);
            await upload.Append(body, cancel);
            try
            {
                await Verify(id, upload, digest, cancel);
                var blob = new Blob(digest, upload.Writer.Length, id);
                if (await Adopt(repository, blob, brought: false))
                {
                    await Forget(id, upload);
                    await storage.Delete(id, CancellationToken.None);
                    return blob;
                }

                await Complete(id, upload, digest);
                await Forget(id, upload);

                // The collector may take the row that made ours needless; then ours is needed.
                while (!await Adopt(repository, blob, brought: true))
                {
                }

                return blob;
            }
            catch (RegistryException e) when (e.Code is RegistryErrorCode.DigestInvalid or RegistryErrorCode.BlobUploadInvalid or RegistryErrorCode.Denied)
            {
                // It can never be finished: it is something else, or parts are lost, or others took the room while it was sent.
                await Discard(id, upload);
                throw;
            }
        }, cancel);

    /// <summary>Ends the upload; nothing of it is kept.</summary>
    /// <exception cref="RegistryException">BLOB_UPLOAD_UNKNOWN.</exception>
    public async ValueTask Cancel(Repository repository, string id, CancellationToken cancel) =>
        await Use(repository, id, async upload =>
        {
            await Discard(id, upload);
            return 0;
        }, cancel);

    public async ValueTask DisposeAsync()
    {
        List<OpenUpload> all;
        lock (gate)
        {
            all = [.. open.Values];
            open.Clear();
        }

        foreach (var upload in all)
            await upload.DisposeAsync();
    }

    /// <exception cref="RegistryException">DIGEST_INVALID; BLOB_UPLOAD_INVALID: the storage lost parts of it.</exception>
    private static async ValueTask Verify(string id, OpenUpload upload, Digest digest, CancellationToken cancel)
    {
        try
        {
            if (await upload.Hash(digest, cancel) != digest)
                throw new RegistryException(RegistryErrorCode.DigestInvalid, "provided digest did not match uploaded content", digest.ToString());
        }
        catch (NaruException e) when (e is not RegistryException && e.Kind == ErrorKind.NotFound)
        {
            throw Lost(id, e);
        }
    }

    /// <exception cref="RegistryException">As <see cref="Verify"/>.</exception>
    private static async ValueTask Complete(string id, OpenUpload upload, Digest digest)
    {
        try
        {
            await upload.Writer.Complete(CancellationToken.None);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.Conflict)
        {
            // It may be there already, by a request whose answer was lost: then what is there decides.
            upload.ForgetHash();
            await Verify(id, upload, digest, CancellationToken.None);
        }
    }

    /// <summary>
    /// Makes the repository hold the digest, in the transaction that ends the upload: by the blob that is there already, or by the upload's own object when it is
    /// <paramref name="brought"/>. False when there is none and none was brought. Whoever stored the same at the same time was first: then the object is not needed.
    /// </summary>
    /// <exception cref="RegistryException">BLOB_UPLOAD_UNKNOWN: another process ended the upload; DENIED: the account's quota does not hold the blob.</exception>
    private async ValueTask<bool> Adopt(Repository repository, Blob blob, bool brought)
    {
        var (digest, id) = (blob.Digest.ToString(), blob.Object);
        var needed = brought;
        var done = await database.Write(async session =>
        {
            if (quotas is not null)
                await quotas.Require(session, repository, blob.Digest, blob.Size);
            if (brought)
            {
                needed = await session.Execute("INSERT INTO blob (digest, size, object, created) VALUES ($1, $2, $3, $4) ON CONFLICT (digest) DO NOTHING",
                    digest, blob.Size, id, DateTime.UtcNow.Ticks) > 0;
            }

            // The row is locked against the collector until held names it.
            if (await session.Execute("UPDATE blob SET created = created WHERE digest = $1", digest) == 0)
                return false;
            await session.Execute("INSERT INTO held (repository, digest, named) VALUES ($1, $2, $3) ON CONFLICT (repository, digest) DO UPDATE SET named = excluded.named",
                repository.Id, digest, DateTime.UtcNow.Ticks);
            if (await session.Execute("DELETE FROM upload WHERE id = $1", id) == 0)
                throw Unknown(id);
            return true;
        }, CancellationToken.None);
        if (done && brought && !needed)
            await storage.Delete(id, CancellationToken.None);
        return done;
    }

    private async ValueTask<T> Use<T>(Repository repository, string id, Func<OpenUpload, ValueTask<T>> work, CancellationToken cancel)
    {
        var claims = !storage.RefusesSecondWriter;
        await using var claim = claims && ObjectKey.IsKey(id) ? await UploadClaim.Take(database, id, WaitForOther, cancel) : null;

        // The row is the truth: another process may have ended the upload, or gone on with it.
        var row = await Find(repository, id, cancel) ?? throw Unknown(id);
        if (claims && claim is null)
            throw InUse(id);
        var upload = await Enter(id, row.Length, cancel);
        try
        {
            return await work(upload);
        }
        finally
        {
            upload.Used = Environment.TickCount64;
            if (!upload.Closed)
                upload.Busy.Release();
        }
    }

    private async ValueTask<Stored?> Find(Repository repository, string id, CancellationToken cancel) => ObjectKey.IsKey(id)
        ? await database.Read(session => session.First("SELECT length FROM upload WHERE id = $1 AND repository = $2", row => new Stored(row.Number(0)), id, repository.Id), cancel)
        : null;

    /// <summary>The upload, for this request alone.</summary>
    private async ValueTask<OpenUpload> Enter(string id, long length, CancellationToken cancel)
    {
        for (var opened = false; ;)
        {
            OpenUpload? upload;
            lock (gate)
                open.TryGetValue(id, out upload);
            if (upload is null)
            {
                upload = await Continue(id, cancel);
                bool mine;
                lock (gate)
                    mine = open.TryAdd(id, upload);
                if (!mine)
                    await upload.DisposeAsync();
                opened |= mine;
                continue;
            }

            if (!await upload.Busy.WaitAsync(WaitForOther, cancel))
                throw InUse(id);
            if (upload.Closed)
                continue;

            // Shorter than the row says, though just opened: power was lost before its bytes were on the disk.
            if (upload.Writer.Length >= length || opened)
                return upload;

            // Another process went on with it.
            await Forget(id, upload);
        }
    }

    private async ValueTask<OpenUpload> Continue(string id, CancellationToken cancel)
    {
        try
        {
            return new OpenUpload(await storage.Continue(id, cancel) ?? throw Unknown(id));
        }
        catch (NaruException e) when (e.Kind == ErrorKind.Conflict)
        {
            throw InUse(id);
        }
    }

    private async ValueTask CloseIdle()
    {
        List<KeyValuePair<string, OpenUpload>> idle = [];
        lock (gate)
        {
            foreach (var entry in open)
            {
                if (Environment.TickCount64 - entry.Value.Used > KeptOpen.TotalMilliseconds && entry.Value.Busy.Wait(0))
                    idle.Add(entry);
            }
        }

        foreach (var (id, upload) in idle)
            await Forget(id, upload);
    }

    private async ValueTask Forget(string id, OpenUpload upload)
    {
        lock (gate)
            open.Remove(id);
        if (upload.Closed)
            return;
        await upload.DisposeAsync();

        // Those who wait for it find it closed.
        upload.Busy.Release();
    }

    private async ValueTask Discard(string id, OpenUpload upload)
    {
        await Forget(id, upload);
        await Remove(id);
    }

    private async ValueTask Remove(string id)
    {
        // The row is the right to decide about the object: another process may have made a blob of it, or thrown it away.
        if (await database.Write(session => session.Execute("DELETE FROM upload WHERE id = $1", id), CancellationToken.None) > 0)
            await storage.Delete(id, CancellationToken.None);
    }

    /// <exception cref="RegistryException">BLOB_UPLOAD_UNKNOWN: it was ended meanwhile.</exception>
    private async ValueTask Touch(string id, long length)
    {
        if (await database.Write(session => session.Execute("UPDATE upload SET length = $2, touched = $3 WHERE id = $1", id, length, DateTime.UtcNow.Ticks), CancellationToken.None) == 0)
            throw Unknown(id);
    }

    private static RegistryException Unknown(string id) => new(RegistryErrorCode.BlobUploadUnknown, "blob upload unknown to registry", id);

    private static RegistryException InUse(string id) => new(RegistryErrorCode.BlobUploadInvalid, "another request is writing to this upload", id);

    private static RegistryException Lost(string id, Exception inner) =>
        new(RegistryErrorCode.BlobUploadInvalid, "parts of the upload were lost: it has to be begun again", id, inner: inner);

    private static RegistryException OutOfOrder(string id, long length) =>
        new(RegistryErrorCode.RangeInvalid, $"the upload has {length} bytes; the next must start there", id);

    private sealed record Stored(long Length);
}
