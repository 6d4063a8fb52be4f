using Naru.Base;
using Naru.Images;
using Naru.Oci;

namespace Naru.Containerd;

/// <summary>One import: an archive's images into content, snapshots and the image store.</summary>
/// <remarks>Order: all blobs, each layer unpacked on its way in; the labels that hold them together; the snapshots; last the names. All is held by the scope's lease until the names hold it.</remarks>
public sealed class ImageImporter(Scope scope, ContentStore content, OverlaySnapshotter snapshots, ImageStore images, TransfersUnderWay underWay, Action<TransferProgress> progress)
{
    /// <exception cref="NaruException">InvalidArgument: no image archive, or a damaged one.</exception>
    public async Task Import(Stream archive, ImportOptions options, CancellationToken cancel)
    {
        progress(TransferProgress.Says("Importing"));
        await using var blobs = new ImportedBlobs(scope, content, options.Unpack is null ? null : snapshots, progress);
        var imported = await new ArchiveImporter(blobs).ImportAsync(archive, cancel);
        await blobs.Complete();
        foreach (var image in imported)
            await Settle(image.Target, blobs, options.Unpack, cancel);
        if (options.IndexName.Length > 0)
            Save(options.IndexName, StoreIndex(imported), options.Labels);
        foreach (var image in imported)
        {
            foreach (var name in Names(image, options.Names).Distinct())
                Save(name, image.Target, options.Labels);
        }

        progress(TransferProgress.Says("Completed import"));
    }

    /// <summary>Which names an image gets: containerd's rules for import.</summary>
    internal static IEnumerable<string> Names(ImportedImage image, IReadOnlyList<ImportName> rules)
    {
        foreach (var rule in rules)
        {
            var named = Named(image, rule);
            if (!rule.IsPrefix)
                yield return rule.AddDigest ? $"{rule.Name}@{image.Target.Digest}" : rule.Name;
            else if (rule.AddDigest && !(rule.SkipNamedDigest && named.Count > 0))
                yield return $"{rule.Name}@{image.Target.Digest}";
            else if (!rule.AddDigest)
            {
                foreach (var name in named)
                    yield return name;
            }
        }
    }

    /// <summary>The archive's own names as far as the rule takes them: whole ones only below its prefix, unless any may stand.</summary>
    private static List<string> Named(ImportedImage image, ImportName rule) =>
        [.. image.Names.Select(n => n.ToString()).Where(n => rule.AllowOverwrite || IsBelow(n, rule.Name)), .. image.BareTags.Select(tag => $"{rule.Name}:{tag}")];

    private static bool IsBelow(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) && (name.Length == prefix.Length || name[prefix.Length] is '/' or ':' or '@');

    /// <summary>Labels what refers to what, for the collector, and unpacks the manifest for the platform.</summary>
    private async Task Settle(Descriptor target, ImportedBlobs blobs, Platform? unpack, CancellationToken cancel)
    {
        var bytes = content.ReadAll(scope, target.Digest.ToString());
        if (MediaTypes.IsIndex(target.MediaType))
        {
            var here = ImageIndex.Parse(bytes, target.MediaType).Manifests.Where(m => content.Has(scope, m.Digest.ToString())).ToList();
            foreach (var manifest in here)
                await Settle(manifest, blobs, unpack, cancel);
            Label(target.Digest, ContentLabels.OfIndex(here));
        }
        else if (MediaTypes.IsManifest(target.MediaType))
        {
            var manifest = ImageManifest.Parse(bytes, target.MediaType);
            Label(target.Digest, ContentLabels.OfManifest(manifest));
            if (unpack is not null && MediaTypes.IsConfig(manifest.Config.MediaType))
                await Unpack(manifest, blobs, unpack, cancel);
        }
    }

    private async Task Unpack(ImageManifest manifest, ImportedBlobs blobs, Platform wanted, CancellationToken cancel)
    {
        var config = ImageConfig.Parse(content.ReadAll(scope, manifest.Config.Digest.ToString()));
        if (!wanted.Accepts(config.Platform.Normalise()))
            return;
        Digest? chain;
        do
            chain = await TryUnpack(manifest, config, blobs, cancel);
        while (chain is null);
        if (!chain.Value.IsEmpty)
            Label(manifest.Config.Digest, ContentLabels.OfConfig(chain.Value));
    }

    /// <returns>The chain id, empty for no layers; null when another transfer gave up what this one waited for.</returns>
    private async Task<Digest?> TryUnpack(ImageManifest manifest, ImageConfig config, ImportedBlobs blobs, CancellationToken cancel)
    {
        await using var unpacker = new LayerUnpacker(scope, snapshots, manifest.Layers.Count, config.RootFs.DiffIds, underWay);
        if (unpacker.SharesWork && !await unpacker.Others(cancel))
            return null;
        for (var i = 0; i < manifest.Layers.Count; i++)
        {
            if (!unpacker.Needs(i))
                continue;
            var layer = manifest.Layers[i];
            progress(TransferProgress.Of("extracting", layer, 0));
            if (blobs.TryTake(layer.Digest) is { } unpacked)
                unpacker.Adopt(i, unpacked);
            else
            {
                using var stored = content.Open(scope, layer.Digest.ToString());
                unpacker.Apply(i, stored, cancel);
            }

            progress(TransferProgress.Of("extracted", layer, layer.Size));
        }

        unpacker.Commit();
        return unpacker.ChainId;
    }

    private Descriptor StoreIndex(IReadOnlyList<ImportedImage> imported)
    {
        var bytes = new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = [.. imported.SelectMany(image => image.Entries())] }.Write();
        content.Put(scope, bytes, ContentLabels.OfIndex(imported.Select(image => image.Target)));
        return Descriptor.Of(MediaTypes.OciIndex, bytes);
    }

    private void Save(string name, Descriptor target, IReadOnlyDictionary<string, string> labels)
    {
        images.Put(scope, name, new TargetDescriptor(target.MediaType, target.Digest.ToString(), target.Size, new Dictionary<string, string>()), labels);
        progress(new TransferProgress("saved", name, target, 0, 0));
    }

    private void Label(Digest digest, Dictionary<string, string> labels) =>
        content.Update(scope, digest.ToString(), labels, [.. labels.Keys.Select(key => "labels." + key)]);
}
