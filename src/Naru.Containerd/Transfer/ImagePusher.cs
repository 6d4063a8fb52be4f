using Naru.Base;
using Naru.Images;
using Naru.Oci;

namespace Naru.Containerd;

/// <summary>One push: an image from the content store to a registry. Blobs first, several at a time; then manifests; the index last.</summary>
public sealed class ImagePusher(Scope scope, ContentStore content, RegistryClient registry, Action<TransferProgress> progress)
{
    private const int Parallel = 4;

    /// <param name="platforms">Which manifests of an index are pushed; empty for all that are here.</param>
    public async Task Push(TargetDescriptor target, ImageReference reference, IReadOnlyList<Platform> platforms, CancellationToken cancel)
    {
        progress(TransferProgress.Says($"Pushing to {reference}"));
        if (MediaTypes.IsIndex(target.MediaType))
            await PushIndex(target, reference, platforms, cancel);
        else
            await PushManifest(target.MediaType, target.Digest, reference, cancel);
        progress(TransferProgress.Says($"Completed push to {reference}"));
    }

    private async Task PushIndex(TargetDescriptor target, ImageReference reference, IReadOnlyList<Platform> platforms, CancellationToken cancel)
    {
        var bytes = content.ReadAll(scope, target.Digest);
        var index = ImageIndex.Parse(bytes, target.MediaType);
        var here = index.Manifests.Where(m => content.Has(scope, m.Digest.ToString())).ToList();
        if (platforms.Count == 0 && here.Count == index.Manifests.Count)
        {
            foreach (var manifest in here)
                await PushManifest(manifest.MediaType, manifest.Digest.ToString(), reference.NameOnly(), cancel);
            await registry.PushManifestAsync(reference, target.MediaType, bytes, cancel);
            return;
        }

        // A registry refuses an index whose manifests it lacks: the one manifest takes the name.
        var platform = platforms.Count > 0 ? platforms[0] : Platform.Host;
        var chosen = (index with { Manifests = here }).Select(platform)
            ?? throw NaruException.NotFound($"image has no content for platform {platform}: not found");
        await PushManifest(chosen.MediaType, chosen.Digest.ToString(), reference, cancel);
    }

    private async Task PushManifest(string mediaType, string digest, ImageReference reference, CancellationToken cancel)
    {
        var bytes = content.ReadAll(scope, digest);
        var manifest = ImageManifest.Parse(bytes, mediaType);
        using var slots = new SemaphoreSlim(Parallel);
        await Task.WhenAll(manifest.Layers.Where(l => !MediaTypes.IsForeignLayer(l.MediaType)).Append(manifest.Config).DistinctBy(b => b.Digest)
            .Select(blob => PushBlob(blob, reference, slots, cancel)));
        await registry.PushManifestAsync(reference, manifest.MediaType ?? mediaType, bytes, cancel);
        progress(TransferProgress.Of("complete", new Descriptor { MediaType = mediaType, Digest = Digest.Parse(digest), Size = bytes.Length }, bytes.Length));
    }

    private async Task PushBlob(Descriptor blob, ImageReference reference, SemaphoreSlim slots, CancellationToken cancel)
    {
        await slots.WaitAsync(cancel);
        try
        {
            var digest = blob.Digest.ToString();
            var labels = content.Info(scope, digest).Labels;
            var from = ContentLabels.Elsewhere(labels, reference);
            var mount = from is not null && ImageReference.TryParse($"{reference.Domain}/{from}", out var parsed) ? parsed : null;
            progress(TransferProgress.Of("uploading", blob, 0));
            var sent = await registry.PushBlobAsync(reference, blob, () => content.Open(scope, digest), mount, done => progress(TransferProgress.Of("uploading", blob, done)), cancel);
            var (label, value) = ContentLabels.Also(labels, reference);
            content.Update(scope, digest, new Dictionary<string, string> { [label] = value }, ["labels." + label]);
            progress(TransferProgress.Of(sent switch { BlobPush.Sent => "complete", BlobPush.Mounted => $"mounted from {from}", _ => "already exists" }, blob, blob.Size));
        }
        finally
        {
            slots.Release();
        }
    }
}
