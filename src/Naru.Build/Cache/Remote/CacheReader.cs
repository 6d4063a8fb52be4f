using System.Text.Json;
using Naru.Base;
using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>Reads what a cache elsewhere has: documents alone, no layer. Everything in it is another's word, and checked or bounded.</summary>
internal static class CacheReader
{
    /// <summary>More layers upon each other than the kernel can mount.</summary>
    private const int MostLayers = 500;

    /// <summary>More images in one index than there are platforms.</summary>
    private const int MostImages = 64;

    /// <param name="told">Told what the cache turned out to be.</param>
    /// <returns>By every key that leads to a step.</returns>
    /// <exception cref="NaruException">The cache is not there, or is malformed.</exception>
    public static async Task<IReadOnlyDictionary<Digest, CachedStep>> Read(ICacheSource from, Action<string> told, CancellationToken cancel)
    {
        var (descriptor, content) = await Manifest(from, cancel);
        told(descriptor.MediaType);
        var steps = new Dictionary<Digest, CachedStep>();
        if (!MediaTypes.IsIndex(descriptor.MediaType))
        {
            await OfManifest(from, ImageManifest.Parse(content, descriptor.MediaType), steps, cancel);
            return steps;
        }

        var index = ImageIndex.Parse(content, descriptor.MediaType);
        foreach (var one in index.Manifests)
        {
            if (one.MediaType != CacheDocument.MediaType)
                continue;
            Add(Parse(await Blob(from, one, cancel)), index.Manifests, from, steps);
            return steps;
        }

        var images = 0;
        foreach (var one in index.Manifests)
        {
            if (MediaTypes.IsManifest(one.MediaType) && one.Annotations?.ContainsKey(MediaTypes.ReferenceTypeAnnotation) != true && images++ < MostImages)
                await OfManifest(from, ImageManifest.Parse(await from.ReadManifest(one, cancel), one.MediaType), steps, cancel);
        }

        return steps;
    }

    private static async Task<(Descriptor Descriptor, byte[] Content)> Manifest(ICacheSource from, CancellationToken cancel)
    {
        try
        {
            return await from.ReadManifest(cancel);
        }
        catch (NaruException e) when (e.Kind != ErrorKind.Canceled)
        {
            throw new NaruException(e.Kind, $"failed to configure {from.Kind} cache importer: {e.Message}", e);
        }
    }

    /// <exception cref="NaruException">InvalidArgument: no such document.</exception>
    internal static CacheDocument Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, RemoteCacheJson.Default.CacheDocument) ?? throw NaruException.Invalid("invalid cache config: null");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"invalid cache config: {e.Message}", e);
        }
    }

    /// <summary>A cache of its own, whose layers are the blobs.</summary>
    internal static void Add(CacheDocument document, IReadOnlyList<Descriptor> blobs, ICacheSource from, Dictionary<Digest, CachedStep> steps)
    {
        var byDigest = new Dictionary<Digest, Descriptor>();
        foreach (var blob in blobs)
            byDigest.TryAdd(blob.Digest, blob);
        var layers = document.Layers ?? [];
        foreach (var record in document.Records ?? [])
        {
            Add(record, from, steps, () =>
            {
                foreach (var result in record.Results ?? [])
                {
                    if (Chain(layers, result.Layer, byDigest) is { } chain)
                        return chain;
                }

                return null;
            });
        }
    }

    /// <summary>A cache in an image's config, whose layers are the image's.</summary>
    internal static void AddInline(ReadOnlySpan<byte> json, IReadOnlyList<CachedLayer> image, ICacheSource from, Dictionary<Digest, CachedStep> steps)
    {
        IReadOnlyList<CacheDocument.Record> records;
        try
        {
            records = JsonSerializer.Deserialize(json, RemoteCacheJson.Default.IReadOnlyListRecord) ?? [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"invalid cache config: {e.Message}", e);
        }

        foreach (var record in records)
            Add(record, from, steps, () => Inline(record, image));
    }

    private static async Task OfManifest(ICacheSource from, ImageManifest manifest, Dictionary<Digest, CachedStep> steps, CancellationToken cancel)
    {
        if (manifest.Config.MediaType == CacheDocument.MediaType)
        {
            Add(Parse(await Blob(from, manifest.Config, cancel)), manifest.Layers, from, steps);
            return;
        }

        if (!MediaTypes.IsConfig(manifest.Config.MediaType))
            return;
        var config = ImageConfig.Parse(await Blob(from, manifest.Config, cancel));
        if (config.BuildCache is { } inline && Layers(manifest, config) is { } layers)
            AddInline(inline, layers, from, steps);
    }

    /// <returns>Null: the image's documents contradict each other.</returns>
    internal static IReadOnlyList<CachedLayer>? Layers(ImageManifest manifest, ImageConfig config)
    {
        if (config.RootFs.DiffIds.Count != manifest.Layers.Count)
            return null;
        var times = new List<DateTimeOffset?>();
        foreach (var entry in config.History ?? [])
        {
            if (!entry.EmptyLayer)
                times.Add(DateTimeOffset.TryParse(entry.Created, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var created) ? created : null);
        }

        var layers = new List<CachedLayer>();
        for (var number = 0; number < manifest.Layers.Count; number++)
            layers.Add(new CachedLayer(manifest.Layers[number], config.RootFs.DiffIds[number], number < times.Count ? times[number] : null));
        return layers;
    }

    private static void Add(CacheDocument.Record? record, ICacheSource from, Dictionary<Digest, CachedStep> steps, Func<IReadOnlyList<CachedLayer>?> layers)
    {
        if (record is null || record.Digest.IsEmpty)
            return;
        var step = new CachedStep(record.Digest, record.Results?.Count > 0 || record.Chains?.Count > 0 ? layers : null, from);
        Know(record.Digest, step, steps);
        foreach (var alias in record.Aliases ?? [])
        {
            if (!alias.IsEmpty)
                Know(alias, step, steps);
        }
    }

    /// <summary>A result is better than none.</summary>
    private static void Know(Digest key, CachedStep step, Dictionary<Digest, CachedStep> steps)
    {
        if (!steps.TryGetValue(key, out var known) || (!known.HasResult && step.HasResult))
            steps[key] = step;
    }

    /// <returns>Null: places or blobs that are not there, or more than could be mounted.</returns>
    private static List<CachedLayer>? Chain(IReadOnlyList<CacheDocument.Layer> layers, int top, Dictionary<Digest, Descriptor> blobs)
    {
        var chain = new List<CachedLayer>();
        for (var place = top; place != -1; place = layers[place].Parent)
        {
            // A ring of parents ends here too.
            if (place < 0 || place >= layers.Count || chain.Count == MostLayers || layers[place] is not { } layer || !blobs.TryGetValue(layer.Blob, out var blob))
                return null;
            var diffId = layer.Annotations?.DiffId is { IsEmpty: false } known ? known
                : blob.Annotations?.TryGetValue(CacheAnnotations.DiffId, out var text) == true && Digest.TryParse(text, out var said) ? said : default;
            if (diffId.IsEmpty || !MediaTypes.IsLayer(blob.MediaType))
                return null;
            chain.Add(new CachedLayer(blob with { Annotations = null, Urls = null }, diffId, layer.Annotations?.CreatedAt ?? CacheAnnotations.Created(blob)));
        }

        chain.Reverse();
        return chain.Count > 0 ? chain : null;
    }

    private static List<CachedLayer>? Inline(CacheDocument.Record record, IReadOnlyList<CachedLayer> image)
    {
        foreach (var result in record.Results ?? [])
        {
            if (result.Layer >= 0 && result.Layer < image.Count)
                return [.. image.Take(result.Layer + 1)];
        }

        foreach (var one in record.Chains ?? [])
        {
            var chain = new List<CachedLayer>();
            foreach (var place in one.Layers ?? [])
            {
                if (place >= 0 && place < image.Count && chain.Count < MostLayers)
                    chain.Add(image[place]);
            }

            if (chain.Count > 0 && chain.Count == one.Layers?.Count)
                return chain;
        }

        return null;
    }

    /// <exception cref="NaruException">InvalidArgument: other bytes than those of the digest.</exception>
    internal static byte[] Checked(Digest digest, byte[] content)
    {
        var actual = digest.Again(content);
        return actual == digest ? content : throw NaruException.Invalid($"content {digest} has another digest: {actual}");
    }

    private static async Task<byte[]> Blob(ICacheSource from, Descriptor blob, CancellationToken cancel)
    {
        if (blob.Size > CacheDocument.MaximumSize)
            throw NaruException.Invalid($"cache config {blob.Digest} of {blob.Size} bytes is larger than {CacheDocument.MaximumSize}");
        using var bytes = new MemoryStream();
        await using (var stream = await from.Open(blob, cancel))
            await stream.CopyToAsync(bytes, cancel);
        return Checked(blob.Digest, bytes.ToArray());
    }
}
