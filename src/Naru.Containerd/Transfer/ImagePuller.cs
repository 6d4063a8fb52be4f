using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Naru.Base;
using Naru.Images;
using Naru.Oci;

namespace Naru.Containerd;

/// <summary>One pull: an image from a registry into content, snapshots and the image store.</summary>
/// <remarks>
/// Order: the manifest for each wanted platform; its config; then its layers, several at a time, each stored and unpacked in one pass; last the
/// manifest and the index with their references, and the name. All is held by the scope's lease until the name holds it. What another pull is fetching
/// or unpacking at the same time is waited for, not done twice.
/// </remarks>
public sealed class ImagePuller(Scope scope, ContentStore content, OverlaySnapshotter snapshots, ImageStore images, RegistryClient registry, TransfersUnderWay underWay, Action<TransferProgress> progress)
{
    private const int Parallel = 4;
    private const int MaxDocument = 8 << 20;
    private const int MaxLayers = 500;
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);
    private readonly SemaphoreSlim slots = new(Parallel);

    /// <returns>The image as it is named now.</returns>
    public async Task<ImageRecord> Pull(ImageReference reference, PullOptions options, CancellationToken cancel)
    {
        progress(TransferProgress.Says($"Resolving from {reference.Domain}"));
        var root = await registry.GetManifestAsync(reference, cancel);
        progress(TransferProgress.Says($"Pulling from {reference}"));
        if (MediaTypes.IsIndex(root.Descriptor.MediaType))
            await PullIndex(reference, root, options, cancel);
        else
            await PullManifest(reference, root, options, cancel);
        var target = new TargetDescriptor(root.Descriptor.MediaType, root.Descriptor.Digest.ToString(), root.Descriptor.Size, new Dictionary<string, string>());
        var image = images.Put(scope, options.Name, target, options.Labels);
        progress(new TransferProgress("saved", image.Name, root.Descriptor, 0, 0));
        progress(TransferProgress.Says($"Completed pull from {reference}"));
        return image;
    }

    private async Task PullIndex(ImageReference reference, RegistryManifest root, PullOptions options, CancellationToken cancel)
    {
        var index = ImageIndex.Parse(root.Content, root.Descriptor.MediaType);
        var wanted = Choose(index, reference, options);
        foreach (var descriptor in wanted)
            await PullManifest(reference, await Fetch(reference, descriptor, cancel), options, cancel);
        Store(root.Content, ContentLabels.OfIndex(wanted), reference);
        progress(TransferProgress.Of("complete", root.Descriptor, root.Descriptor.Size));
    }

    private static List<Descriptor> Choose(ImageIndex index, ImageReference reference, PullOptions options)
    {
        if (options.AllPlatforms)
            return [.. index.Manifests];
        var platforms = options.Platforms.Count > 0 ? options.Platforms : [Platform.Host];
        var chosen = new List<Descriptor>();
        foreach (var platform in platforms)
        {
            var match = index.Select(platform) ?? throw NaruException.NotFound($"no match for platform in manifest: {reference} has none for {platform}: not found");
            if (!chosen.Exists(c => c.Digest == match.Digest))
                chosen.Add(match);
        }

        return chosen;
    }

    private async Task<RegistryManifest> Fetch(ImageReference reference, Descriptor descriptor, CancellationToken cancel)
    {
        if (content.Has(scope, descriptor.Digest.ToString()))
            return new RegistryManifest(descriptor, content.ReadAll(scope, descriptor.Digest.ToString()));
        return await registry.GetManifestAsync(reference.WithDigest(descriptor.Digest), cancel);
    }

    private async Task PullManifest(ImageReference reference, RegistryManifest document, PullOptions options, CancellationToken cancel)
    {
        var manifest = ImageManifest.Parse(document.Content, document.Descriptor.MediaType);
        if (manifest.Layers.Count > MaxLayers)
            throw NaruException.Invalid($"max depth exceeded: the image has {manifest.Layers.Count} layers, overlayfs stacks at most {MaxLayers}: invalid argument");
        var configBytes = await FetchConfig(reference, manifest.Config, cancel);
        foreach (var layer in manifest.Layers)
            progress(TransferProgress.Of("waiting", layer, 0));
        Digest? chain;
        do
            chain = await TryPullLayers(reference, manifest, configBytes, options, cancel);
        while (chain is null);
        var labels = chain.Value.IsEmpty ? [] : ContentLabels.OfConfig(chain.Value);
        Store(configBytes, labels, reference);
        Store(document.Content, ContentLabels.OfManifest(manifest), reference);
        progress(TransferProgress.Of("complete", document.Descriptor, document.Descriptor.Size));
    }

    /// <returns>The chain id of what was unpacked, empty for nothing; null when another transfer gave up what this one waited for.</returns>
    private async Task<Digest?> TryPullLayers(ImageReference reference, ImageManifest manifest, byte[] configBytes, PullOptions options, CancellationToken cancel)
    {
        await using var unpacker = MediaTypes.IsConfig(manifest.Config.MediaType) ? Unpacker(configBytes, manifest, options) : null;
        if (unpacker is not { SharesWork: true })
            await PullLayers(reference, manifest, unpacker, cancel);
        else
        {
            await PullLayers(reference, manifest, null, cancel);
            if (!await unpacker.Others(cancel))
                return null;
            await PullLayers(reference, manifest, unpacker, cancel);
        }

        unpacker?.Commit();
        return unpacker?.ChainId ?? default(Digest);
    }

    private async Task PullLayers(ImageReference reference, ImageManifest manifest, LayerUnpacker? unpacker, CancellationToken cancel)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await WhenAllOrFirstFailure(manifest.Layers.Select((layer, i) => PullLayer(reference, layer, i, unpacker, failed.Token)), failed);
    }

    private LayerUnpacker? Unpacker(byte[] configBytes, ImageManifest manifest, PullOptions options)
    {
        var config = ImageConfig.Parse(configBytes);
        if (options.Unpack is null || (config.Architecture.Length > 0 && !options.Unpack.Accepts(config.Platform.Normalise())))
            return null;
        return new LayerUnpacker(scope, snapshots, manifest.Layers.Count, config.RootFs.DiffIds, underWay);
    }

    private async Task<byte[]> FetchConfig(ImageReference reference, Descriptor descriptor, CancellationToken cancel)
    {
        var digest = descriptor.Digest.ToString();
        if (content.Has(scope, digest))
            return content.ReadAll(scope, digest);
        if (descriptor.Size > MaxDocument)
            throw NaruException.Invalid($"config {digest} has {descriptor.Size} bytes, more than {MaxDocument}: invalid argument");
        progress(TransferProgress.Of("downloading", descriptor, 0));
        await using var stream = await registry.OpenBlobAsync(reference, descriptor, cancel);
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer, cancel);
        Store(buffer.ToArray(), [], reference);
        progress(TransferProgress.Of("complete", descriptor, descriptor.Size));
        return buffer.ToArray();
    }

    private async Task PullLayer(ImageReference reference, Descriptor layer, int number, LayerUnpacker? unpacker, CancellationToken cancel)
    {
        await slots.WaitAsync(cancel);
        try
        {
            // On a thread of its own: unpacking reads and writes without waiting in between.
            await Task.Run(() => StoreAndUnpackOnce(reference, layer, number, unpacker, cancel), cancel);
            progress(TransferProgress.Of("complete", layer, layer.Size));
            if (unpacker is not null)
                progress(TransferProgress.Of("extracted", layer, layer.Size));
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task StoreAndUnpackOnce(ImageReference reference, Descriptor layer, int number, LayerUnpacker? unpacker, CancellationToken cancel)
    {
        var digest = layer.Digest.ToString();
        var unpacks = unpacker is not null && unpacker.Needs(number);
        var download = $"blob {scope.Namespace} {digest}";
        while (!underWay.TryBegin(download, out var other))
        {
            progress(TransferProgress.Of("waiting", layer, 0));
            await other.WaitAsync(cancel);
        }

        try
        {
            await StoreAndUnpack(reference, layer, number, unpacks ? unpacker : null, cancel);
        }
        finally
        {
            underWay.End(download, done: true);
        }
    }

    private async Task StoreAndUnpack(ImageReference reference, Descriptor layer, int number, LayerUnpacker? unpacker, CancellationToken cancel)
    {
        IngestWriter? writer = null;
        try
        {
            writer = content.OpenWriter(scope, TransferProgress.NameOf(layer), layer.Size, layer.Digest.ToString(), passesThrough: unpacker is not null);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            progress(TransferProgress.Of("already exists", layer, layer.Size));
        }

        using (writer)
        {
            if (writer is null)
                UnpackStored(layer, number, unpacker, cancel);
            else
                await FetchLayer(reference, layer, number, unpacker, writer, cancel);
        }
    }

    private void UnpackStored(Descriptor layer, int number, LayerUnpacker? unpacker, CancellationToken cancel)
    {
        if (unpacker is null)
            return;
        progress(TransferProgress.Of("extracting", layer, 0));
        using var file = content.Open(scope, layer.Digest.ToString());
        unpacker.Apply(number, file, cancel);
    }

    private async Task FetchLayer(ImageReference reference, Descriptor layer, int number, LayerUnpacker? unpacker, IngestWriter writer, CancellationToken cancel)
    {
        if (writer.Offset > layer.Size)
            writer.Truncate();
        var last = 0L;
        progress(TransferProgress.Of("downloading", layer, writer.Offset));
        await using var source = writer.Offset < layer.Size ? await registry.OpenBlobAsync(reference, layer, cancel, writer.Offset, verify: false) : Stream.Null;
        await using var tee = new TeeStream(source, writer, cancel, done =>
        {
            if (Stopwatch.GetElapsedTime(last) < ProgressInterval)
                return;
            last = Stopwatch.GetTimestamp();
            progress(TransferProgress.Of("downloading", layer, done));
        });
        ExceptionDispatchInfo? refusal = null;
        try
        {
            refusal = Unpack(layer, number, unpacker, tee, cancel);

            // A damaged blob is told as such, whatever else it did to the unpacking.
            await tee.Drain();
            writer.Commit(layer.Size, layer.Digest.ToString(), new Dictionary<string, string>([ContentLabels.From(reference)]));
        }
        catch (Exception e) when (e is not (OperationCanceledException or NaruException { Kind: ErrorKind.Unavailable or ErrorKind.AlreadyExists }))
        {
            // Only a transfer that was cut short is worth continuing: wrong bytes stay wrong, and a full disk stays full.
            writer.Discard();
            throw;
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            // Another writer of the same layer was faster.
        }

        refusal?.Throw();
    }

    /// <returns>Why the layer could not be unpacked, null when it was.</returns>
    private static ExceptionDispatchInfo? Unpack(Descriptor layer, int number, LayerUnpacker? unpacker, TeeStream tee, CancellationToken cancel)
    {
        try
        {
            unpacker?.Apply(number, tee, cancel);
            return null;
        }
        catch (NaruException e) when (e.Kind == ErrorKind.InvalidArgument)
        {
            return ExceptionDispatchInfo.Capture(new NaruException(e.Kind, $"failed to extract layer {layer.Digest}: {e.Message}", e));
        }
    }

    private void Store(byte[] document, Dictionary<string, string> labels, ImageReference reference)
    {
        var source = ContentLabels.From(reference);
        labels[source.Key] = source.Value;
        content.Put(scope, document, labels);
    }

    /// <summary>All of them, or the first failure once the others have been stopped and have ended.</summary>
    private static async Task WhenAllOrFirstFailure(IEnumerable<Task> started, CancellationTokenSource failed)
    {
        var open = started.ToList();
        Exception? first = null;
        while (open.Count > 0)
        {
            var done = await Task.WhenAny(open);
            open.Remove(done);
            if (done.IsCompletedSuccessfully || first is not null)
                continue;
            first = done.Exception?.InnerException ?? new OperationCanceledException(failed.Token);
            await failed.CancelAsync();
        }

        if (first is not null)
            ExceptionDispatchInfo.Throw(first);
    }
}
