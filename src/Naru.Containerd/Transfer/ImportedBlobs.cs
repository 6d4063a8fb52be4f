using System.Diagnostics;
using Naru.Base;
using Naru.Images;
using Naru.Oci;

namespace Naru.Containerd;

/// <summary>The blobs of an archive on their way into the content store. What looks like a layer is unpacked in the same pass.</summary>
/// <remarks>
/// Whose layers they are, and in which order, an archive says last, so each is unpacked into a snapshot without a parent; <see cref="TryTake"/> gives
/// that to who knows. One that nobody takes is removed by <see cref="DisposeAsync"/>. For one thread; <see cref="Complete"/> before anything is used.
/// </remarks>
internal sealed class ImportedBlobs(Scope scope, ContentStore content, OverlaySnapshotter? snapshots, Action<TransferProgress> progress) : IBlobStore, IAsyncDisposable
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    private readonly ContentBlobs stored = new(scope, content);
    private readonly Dictionary<Digest, UnpackedLayer> unpacked = [];

    /// <summary>The last blob's way to the disk, during which the next one comes in.</summary>
    private Task committing = Task.CompletedTask;

    public async Task<bool> ExistsAsync(Digest digest, CancellationToken cancellation)
    {
        await committing;
        return await stored.ExistsAsync(digest, cancellation);
    }

    public async Task<Stream> OpenReadAsync(Digest digest, CancellationToken cancellation)
    {
        await committing;
        return await stored.OpenReadAsync(digest, cancellation);
    }

    public async Task<Digest> WriteAsync(Descriptor descriptor, Stream source, CancellationToken cancellation)
    {
        IngestWriter writer;
        try
        {
            writer = content.OpenWriter(scope, $"import-{Guid.NewGuid():N}", descriptor.Size, descriptor.Digest.ToString(), passesThrough: snapshots is not null);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            return descriptor.Digest;
        }

        try
        {
            var tee = new TeeStream(source, writer, cancellation, Watch(descriptor));
            var layer = MediaTypes.IsLayer(descriptor.MediaType) ? TryUnpack(descriptor, tee, cancellation) : null;
            await tee.Drain();
            descriptor = descriptor with { Digest = descriptor.Digest.IsEmpty ? Digest.Parse(writer.Digest) : descriptor.Digest };
            if (layer is not null)
                Remember(descriptor.Digest, layer);
            await committing;
        }
        catch
        {
            Discard(writer);
            throw;
        }

        committing = Task.Run(() => Commit(writer, descriptor), CancellationToken.None);
        return descriptor.Digest;
    }

    /// <summary>Waits until all that was written is durable.</summary>
    public Task Complete() => committing;

    /// <summary>The snapshot that a blob was unpacked into, if it was; the caller's from now on.</summary>
    public UnpackedLayer? TryTake(Digest blob) => unpacked.Remove(blob, out var layer) ? layer : null;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await committing;
        }
        catch (Exception e) when (e is NaruException or IOException)
        {
            // Who imports has heard of it, or has failed before it.
        }

        foreach (var layer in unpacked.Values)
            snapshots!.GiveUp(scope, layer.Key);
    }

    /// <summary>Unpacks what may well be no layer, or nobody's: that it cannot be is for those to say who need it.</summary>
    private UnpackedLayer? TryUnpack(Descriptor descriptor, TeeStream tee, CancellationToken cancel)
    {
        if (snapshots is null)
            return null;
        var key = $"extract-{Guid.NewGuid():N} {descriptor.Digest}";
        snapshots.Prepare(scope, key, string.Empty, new Dictionary<string, string>());
        try
        {
            return new UnpackedLayer(key, LayerApplier.Apply(tee, snapshots.FilesOf(scope, key), new LayerApplyOptions { Verified = descriptor.Digest }, cancel));
        }
        catch (Exception e)
        {
            snapshots.GiveUp(scope, key);
            if (e is not (NaruException { Kind: ErrorKind.InvalidArgument } or Linux.LinuxException))
                throw;
            Log.Debug($"import: {descriptor.Digest} is not unpacked: {e.Message}");
            return null;
        }
    }

    private void Remember(Digest blob, UnpackedLayer layer)
    {
        if (unpacked.Remove(blob, out var before))
            snapshots!.GiveUp(scope, before.Key);
        unpacked[blob] = layer;
    }

    private static void Commit(IngestWriter writer, Descriptor descriptor)
    {
        try
        {
            writer.Commit(descriptor.Size, descriptor.Digest.ToString(), new Dictionary<string, string>());
            writer.Dispose();
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            // The archive has it twice, or another import was faster.
            Discard(writer);
        }
        catch
        {
            Discard(writer);
            throw;
        }
    }

    private static void Discard(IngestWriter writer)
    {
        writer.Discard();
        writer.Dispose();
    }

    private Action<long> Watch(Descriptor descriptor)
    {
        if (!MediaTypes.IsLayer(descriptor.MediaType) || descriptor.Digest.IsEmpty)
            return _ => { };
        var last = 0L;
        return done =>
        {
            if (done < descriptor.Size && Stopwatch.GetElapsedTime(last) < ProgressInterval)
                return;
            last = Stopwatch.GetTimestamp();
            progress(TransferProgress.Of("loading", descriptor, done));
        };
    }
}
