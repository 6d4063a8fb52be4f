using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Registry;
using Naru.Oci;

namespace Naru.Hub.Mirrors;

/// <summary>A blob on its way from an upstream: everybody who wants it reads what has come of it, and it goes on when all of them are gone.</summary>
/// <remarks>
/// What comes is spooled to a file without a name, verified at its end, and only then stored. Readers get all but the last byte before that: a blob
/// that turns out wrong is never whole anywhere, and is not kept. Disposed by the last of those that hold it.
/// </remarks>
public sealed class BlobDownload
{
    private const int Piece = 128 << 10;

    private readonly Lock gate = new();
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MirroredName at;
    private readonly Digest digest;
    private Microsoft.Win32.SafeHandles.SafeFileHandle? spool;
    private TaskCompletionSource moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NaruException? failure;
    private long available;
    private int holders = 1;

    internal BlobDownload(MirroredName at, Digest digest)
    {
        this.at = at;
        this.digest = digest;
    }

    /// <summary>Done when the upstream gives the blob, or when it was found here after all; fails when it gives nothing.</summary>
    internal Task Begun => begun.Task;

    /// <summary>The blob, when there was nothing to download. After <see cref="Begun"/>.</summary>
    internal Blob? Stored { get; private set; }

    /// <summary>Bytes. After <see cref="Begun"/>.</summary>
    internal long Size { get; private set; }

    /// <summary>Keeps the spooled bytes; false when they are gone already.</summary>
    internal bool Hold()
    {
        lock (gate)
        {
            if (holders == 0)
                return false;
            holders++;
            return true;
        }
    }

    internal void Release()
    {
        lock (gate)
        {
            if (--holders == 0)
                spool?.Dispose();
        }
    }

    /// <summary>Reads what there is from <paramref name="position"/> on, and waits while there is nothing.</summary>
    /// <exception cref="NaruException">The download failed, or gave other bytes than it should.</exception>
    internal async ValueTask<int> Read(long position, System.Memory<byte> buffer, CancellationToken cancel)
    {
        while (true)
        {
            Task wait;
            long ready;
            lock (gate)
            {
                ready = available - position;
                if (ready <= 0 && failure is not null)
                    throw new NaruException(failure.Kind, failure.Message, failure) { Errno = failure.Errno };
                wait = moved.Task;
            }

            if (ready > 0)
                return RandomAccess.Read(spool!, buffer.Span[..(int)Math.Min(buffer.Length, ready)], position);
            await wait.WaitAsync(cancel);
        }
    }

    /// <summary>Fetches, verifies and stores. Never throws: readers are told.</summary>
    internal async Task Run(MirrorRecords records, Blobs blobs, Uploads uploads, string spoolFolder, CancellationToken stopping)
    {
        try
        {
            var repository = await records.Find(at, stopping);
            if (repository is not null && await blobs.Find(repository, digest, pushing: true, stopping) is { } here)
            {
                Found(here);
                return;
            }

            var upstream = at.Mirror.Reference(at.Path);
            Size = (repository is null ? null : await records.Size(repository, digest, stopping)) ?? await at.Mirror.Client.BlobSizeAsync(upstream, digest, stopping);
            var wanted = new Descriptor { MediaType = "application/octet-stream", Digest = digest, Size = Size };
            await using var source = await at.Mirror.Client.OpenBlobAsync(upstream, wanted, stopping);
            at.Mirror.Answered();
            repository ??= await records.Make(at, stopping);

            // Here for another repository's sake: now that the upstream has it in this one too, that will do.
            if (await blobs.Hold(repository, digest, stopping) is { } shared)
            {
                Found(shared);
                return;
            }

            Open(spoolFolder);
            begun.SetResult();
            await Spool(source, stopping);
            await Store(repository, uploads);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private void Found(Blob blob)
    {
        Stored = blob;
        Size = blob.Size;
        begun.SetResult();
    }

    private void Open(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Guid.NewGuid().ToString("n"));
        spool = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);

        // Without a name it is gone with this process, however that ends.
        File.Delete(path);
    }

    private async Task Spool(Stream source, CancellationToken stopping)
    {
        var buffer = new byte[Piece];
        long written = 0;
        int count;

        // The last read verifies: it fails where it would otherwise say that this was all.
        while ((count = await source.ReadAsync(buffer, stopping)) > 0)
        {
            RandomAccess.Write(spool!, buffer.AsSpan(0, count), written);
            written += count;
            Move(Math.Min(written, Size - 1));
        }

        Move(Size);
    }

    private async Task Store(Repository repository, Uploads uploads)
    {
        var id = await uploads.Begin(repository, Caller.Operator, CancellationToken.None);
        try
        {
            await using var content = new Storage.FileRange(spool!, 0, Size, owned: false);
            await uploads.Finish(repository, id, content, null, digest, CancellationToken.None);
        }
        catch (NaruException e)
        {
            // Those who pulled it have it; only the next one asks the upstream again.
            Log.Error($"mirror {at.Mirror.Name}: {digest} is not kept: {e.Message}");
            await uploads.Cancel(repository, id, CancellationToken.None);
        }
    }

    private void Move(long to)
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            available = to;
            waiting = moved;
            moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waiting.SetResult();
    }

    private void Fail(Exception e)
    {
        var told = e switch
        {
            NaruException known => known,
            OperationCanceledException => new NaruException(ErrorKind.Unavailable, "the registry is stopping", e),
            IOException local => Storage.FolderStorage.Failure(local),
            _ => new NaruException(ErrorKind.Internal, $"{digest} could not be fetched: {e.Message}", e),
        };
        if (begun.TrySetException(told))
        {
            // Nobody may be waiting any more.
            _ = begun.Task.Exception;
        }
        else
        {
            Log.Warn($"mirror {at.Mirror.Name}: {at.Path}: {told.Message}");
        }

        lock (gate)
            failure = told;
        Move(available);
    }
}
