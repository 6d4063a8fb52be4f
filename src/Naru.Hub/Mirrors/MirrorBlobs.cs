using Naru.Base;
using Naru.Hub.Registry;
using Naru.Oci;

namespace Naru.Hub.Mirrors;

/// <summary>The blobs of mirrored registries: each is fetched once, however many ask for it at the same time.</summary>
public sealed class MirrorBlobs : IAsyncDisposable
{
    private readonly MirrorRecords records;
    private readonly Blobs blobs;
    private readonly Uploads uploads;
    private readonly string spoolFolder;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly Dictionary<string, BlobDownload> downloads = new(StringComparer.Ordinal);
    private readonly List<Task> running = [];

    internal MirrorBlobs(MirrorRecords records, Blobs blobs, Uploads uploads, string spoolFolder)
    {
        this.records = records;
        this.blobs = blobs;
        this.uploads = uploads;
        this.spoolFolder = spoolFolder;
    }

    /// <summary>How many bytes a blob has, without fetching it.</summary>
    /// <exception cref="RegistryException">BLOB_UNKNOWN, UNAVAILABLE.</exception>
    public async ValueTask<long> Size(MirroredName at, Digest digest, CancellationToken cancel)
    {
        var repository = await records.Find(at, cancel);
        if (repository is not null && await blobs.Find(repository, digest, pushing: false, cancel) is { } here)
            return here.Size;
        try
        {
            return await at.Mirror.Client.BlobSizeAsync(at.Mirror.Reference(at.Path), digest, cancel);
        }
        catch (NaruException e)
        {
            throw MirrorFailures.Translate(at, e, RegistryErrorCode.BlobUnknown, digest.ToString());
        }
    }

    /// <summary>The blob: what is here, or what begins to come.</summary>
    /// <exception cref="RegistryException">BLOB_UNKNOWN; UNAVAILABLE: it is not here and the upstream does not serve.</exception>
    public async ValueTask<MirroredBlob> Open(MirroredName at, Digest digest, CancellationToken cancel)
    {
        var repository = await records.Find(at, cancel);
        if (repository is not null && await Here(repository, digest, cancel) is { } here)
            return new MirroredBlob(here);
        var download = Join(at, digest);
        try
        {
            await download.Begun.WaitAsync(cancel);
        }
        catch (Exception e)
        {
            download.Release();
            if (e is NaruException known)
                throw MirrorFailures.Translate(at, known, RegistryErrorCode.BlobUnknown, digest.ToString());
            throw;
        }

        if (download.Stored is not { } stored)
            return new MirroredBlob(download);
        download.Release();
        return new MirroredBlob(stored);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        Task[] all;
        lock (gate)
            all = [.. running];
        await Task.WhenAll(all);
        stopping.Dispose();
    }

    /// <summary>Noted as used, so that what is not used can be let go. What cannot be noted is served all the same.</summary>
    private async ValueTask<Blob?> Here(Repository repository, Digest digest, CancellationToken cancel)
    {
        try
        {
            return await blobs.Find(repository, digest, pushing: true, cancel);
        }
        catch (NaruException)
        {
            return await blobs.Find(repository, digest, pushing: false, cancel);
        }
    }

    /// <summary>The download of that blob, held for the caller.</summary>
    private BlobDownload Join(MirroredName at, Digest digest)
    {
        var key = $"{at.Name}@{digest}";
        lock (gate)
        {
            if (downloads.TryGetValue(key, out var other) && other.Hold())
                return other;
            var download = new BlobDownload(at, digest);
            download.Hold();
            downloads[key] = download;
            running.RemoveAll(task => task.IsCompleted);
            running.Add(Task.Run(() => Run(key, download), CancellationToken.None));
            return download;
        }
    }

    private async Task Run(string key, BlobDownload download)
    {
        await download.Run(records, blobs, uploads, spoolFolder, stopping.Token);

        // From here on it is found among the blobs, or asked for again.
        lock (gate)
            downloads.Remove(key);
        download.Release();
    }
}
