using System.Diagnostics;
using Naru.Base;
using Naru.Images;
using Naru.Oci;

namespace Naru.Containerd;

/// <summary>One pull: an image from a registry into content, snapshots and the image store.</summary>
/// <remarks>
/// Order: the manifest for each wanted platform; its config; then its layers, several at a time, each stored and unpacked in one pass; last the
/// manifest and the index with their references, and the name. All is held by the scope's lease until the name holds it.
/// </remarks>
public sealed class ImagePuller(Scope scope, ContentStore content, OverlaySnapshotter snapshots, ImageStore images, RegistryClient registry, Action<TransferProgress> progress)
{
    private const int Parallel = 4;
    private const int MaxDocument = 8 << 20;
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
        var configBytes = await FetchConfig(reference, manifest.Config, cancel);
        foreach (var layer in manifest.Layers)
            progress(TransferProgress.Of("waiting", layer, 0));
        var unpacker = MediaTypes.IsConfig(manifest.Config.MediaType) ? Unpacker(configBytes, manifest, options) : null;
        await using (unpacker)
        {
            using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            await WhenAllOrFirstFailure(manifest.Layers.Select((layer, i) => PullLayer(reference, layer, i, unpacker, failed.Token)), failed);
            unpacker?.Commit();
        }

        var labels = unpacker is not null && !unpacker.ChainId.IsEmpty ? ContentLabels.OfConfig(unpacker.ChainId) : [];
        Store(configBytes, labels, reference);
        Store(document.Content, ContentLabels.OfManifest(manifest), reference);
        progress(TransferProgress.Of("complete", document.Descriptor, document.Descriptor.Size));
    }

    private LayerUnpacker? Unpacker(byte[] configBytes, ImageManifest manifest, PullOptions options)
    {
        var config = ImageConfig.Parse(configBytes);
        if (options.Unpack is null || !options.Unpack.Accepts(config.Platform.Normalise()))
            return null;
        if (config.RootFs.DiffIds.Count != manifest.Layers.Count)
            throw NaruException.Invalid($"number of layers and diffIDs don't match: {manifest.Layers.Count} != {config.RootFs.DiffIds.Count}: invalid argument");
        return new LayerUnpacker(scope, snapshots, config.RootFs.DiffIds);
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
            await Task.Run(() => StoreAndUnpack(reference, layer, number, unpacker, cancel), cancel);
            progress(TransferProgress.Of("complete", layer, layer.Size));
            if (unpacker is not null)
                progress(TransferProgress.Of("extracted", layer, layer.Size));
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task StoreAndUnpack(ImageReference reference, Descriptor layer, int number, LayerUnpacker? unpacker, CancellationToken cancel)
    {
        var digest = layer.Digest.ToString();
        var unpacks = unpacker is not null && unpacker.Needs(number);
        IngestWriter? writer = null;
        try
        {
            writer = content.OpenWriter(scope, TransferProgress.NameOf(layer), layer.Size, digest);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            progress(TransferProgress.Of("already exists", layer, layer.Size));
        }

        using (writer)
        {
            if (writer is null)
                UnpackStored(layer, number, unpacks ? unpacker : null, cancel);
            else
                await FetchLayer(reference, layer, number, unpacks ? unpacker : null, writer, cancel);
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
        // What an earlier pull left half-way is taken up; but a layer that is unpacked on the way must come whole.
        if (writer.Offset > layer.Size || unpacker is not null)
            writer.Truncate();
        var last = 0L;
        progress(TransferProgress.Of("downloading", layer, writer.Offset));
        await using var source = await registry.OpenBlobAsync(reference, layer, cancel, writer.Offset);
        var tee = new TeeStream(source, writer, done =>
        {
            if (Stopwatch.GetElapsedTime(last) < ProgressInterval)
                return;
            last = Stopwatch.GetTimestamp();
            progress(TransferProgress.Of("downloading", layer, done));
        });
        unpacker?.Apply(number, tee, cancel);
        await tee.Drain(cancel);
        var labels = new Dictionary<string, string>([ContentLabels.From(reference)]);
        try
        {
            writer.Commit(layer.Size, layer.Digest.ToString(), labels);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            // Another pull of the same layer was faster.
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
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
    }
}
