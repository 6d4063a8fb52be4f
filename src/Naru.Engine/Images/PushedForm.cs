using Naru.Engine.Containerd;
using Naru.Oci;

namespace Naru.Engine.Images;

/// <summary>Images as registries are to have them: here a layer may be kept as a plain tar, there it is compressed. The config, and so the image's id, stays.</summary>
internal sealed class PushedForm(ContainerdClient containerd, ImageWriter writer)
{
    private readonly LayerConversion layers = new(containerd);

    /// <param name="target">A manifest or an index.</param>
    /// <returns>What takes its place, stored; the same where nothing has to change: no plain layers, or statements that name the very documents that are here.</returns>
    public Task<Descriptor> Of(Descriptor target, CancellationToken cancel) => MediaTypes.IsIndex(target.MediaType) ? OfIndex(target, cancel) : OfManifest(target, cancel);

    private async Task<Descriptor> OfIndex(Descriptor target, CancellationToken cancel)
    {
        var index = ImageIndex.Parse(await containerd.ReadContent(target.Digest, cancel), target.MediaType);
        foreach (var child in index.Manifests)
        {
            if (child.Annotations?.ContainsKey(MediaTypes.ReferenceTypeAnnotation) == true)
                return target;
        }

        var changed = false;
        List<Descriptor> children = [];
        foreach (var child in index.Manifests)
        {
            var form = MediaTypes.IsManifest(child.MediaType) && await containerd.TryContentInfo(child.Digest, cancel) is not null ? await OfManifest(child, cancel) : child;
            children.Add(child with { Digest = form.Digest, Size = form.Size });
            changed |= form.Digest != child.Digest;
        }

        if (!changed)
            return target;
        var bytes = (index with { Manifests = children }).Write();
        var stored = Descriptor.Of(target.MediaType, bytes);
        await writer.Store(stored, bytes, ImageWriter.Links(children), cancel);
        return stored;
    }

    private async Task<Descriptor> OfManifest(Descriptor target, CancellationToken cancel)
    {
        var document = ImageManifest.Parse(await containerd.ReadContent(target.Digest, cancel), target.MediaType);
        if (!MediaTypes.IsConfig(document.Config.MediaType) || !await HasPlainLayers(document, cancel))
            return target;
        var diffIds = ImageConfig.Parse(await containerd.ReadContent(document.Config.Digest, cancel)).RootFs.DiffIds;
        List<Task<Descriptor>> converting = [];
        using var turns = new SemaphoreSlim(Environment.ProcessorCount);
        for (var number = 0; number < document.Layers.Count; number++)
            converting.Add(Compressed(document.Layers[number], diffIds[number], turns, cancel));
        document = document with { Layers = await Task.WhenAll(converting) };
        var bytes = document.Write();
        var stored = Descriptor.Of(target.MediaType, bytes);
        await writer.Store(stored, bytes, ImageWriter.Links(document), cancel);
        return stored;
    }

    /// <summary>Some are, and all of those are here.</summary>
    private async Task<bool> HasPlainLayers(ImageManifest document, CancellationToken cancel)
    {
        var some = false;
        foreach (var layer in document.Layers)
        {
            if (!LayerConversion.IsPlain(layer.MediaType))
                continue;
            if (await containerd.TryContentInfo(layer.Digest, cancel) is null)
                return false;
            some = true;
        }

        return some;
    }

    private async Task<Descriptor> Compressed(Descriptor layer, Digest diffId, SemaphoreSlim turns, CancellationToken cancel)
    {
        if (!LayerConversion.IsPlain(layer.MediaType))
            return layer;
        await turns.WaitAsync(cancel);
        try
        {
            return await layers.Convert(layer, diffId, layer.MediaType == MediaTypes.OciLayer ? MediaTypes.OciLayerGzip : MediaTypes.DockerLayerGzip, null, cancel);
        }
        finally
        {
            turns.Release();
        }
    }
}
