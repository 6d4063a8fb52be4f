using System.Collections.Concurrent;
using System.Text.Json;
using Naru.Base;
using Naru.Build.Context;
using Naru.Build.Export;
using Naru.Build.Progress;
using Naru.Build.Solver;
using Naru.Build.Sources;
using Naru.Engine;
using Naru.Engine.Containerd;
using Naru.Engine.Images;
using Naru.Images;
using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>Writes the cache of one build to a registry, or to a folder of the client's.</summary>
internal sealed class CacheExport(EngineHost engine, LayerExport layers, ImageSource images)
{
    private const int AtOnce = 3;

    /// <summary>What progress calls the step.</summary>
    public static string Describe(CacheOption option) => option.Type == "local" ? "exporting cache to client directory" : "exporting cache to registry";

    /// <returns>BuildKit's exporter response.</returns>
    public async Task<IReadOnlyDictionary<string, string>> Export(BuildResult result, CacheOption option, CacheExportOptions options, IBuildSession session, StepWatcher watcher, CancellationToken cancel)
    {
        using var registry = option.Type == "registry" ? new RegistryStorage(engine, session, option["ref"]) : null;
        ICacheTarget storage = registry is not null ? registry : new FolderStorage(session.Content("local:" + option["dest"]), option["dest"], default);
        await using var lease = new LeaseScope(engine.Containerd, await engine.Containerd.CreateLease(cancel));
        watcher.Begin("preparing build cache for export");
        var origins = new ConcurrentDictionary<Digest, Graph.ResolvedImage>();
        var writer = await Collect(result, options, origins, session, cancel);
        var manifest = await Write(storage, writer, origins, options, session, watcher, cancel);
        watcher.Finish();
        return new Dictionary<string, string> { ["cache.manifest"] = JsonSerializer.Serialize(manifest, OciJson.Default.Descriptor) };
    }

    /// <summary>True when the result's layers are the lowest of an image's.</summary>
    private static bool IsPart(StepResult result, IReadOnlyList<SolvedImage> images)
    {
        foreach (var image in images)
        {
            var all = image.Result.Layers;
            if (result.Layers.Count <= all.Count && all[result.Layers.Count - 1].Snapshot == result.Snapshot)
                return true;
        }

        return false;
    }

    /// <summary>Makes blobs of the layers that the cache is to have, several at once, each once.</summary>
    /// <param name="origins">Is told where a blob can be fetched that is not here.</param>
    private async Task<CacheWriter> Collect(BuildResult result, CacheExportOptions options, ConcurrentDictionary<Digest, Graph.ResolvedImage> origins, IBuildSession session, CancellationToken cancel)
    {
        using var turns = new SemaphoreSlim(Environment.ProcessorCount);
        var made = new Dictionary<string, Task<CachedLayer>>();
        var steps = result.Images.Count > 0 ? result.Images[0].Steps.Value : [];
        var kept = new List<SolvedStep>();
        foreach (var step in steps)
        {
            if (step.Result.Promise is not null || step.Result.Layers.Count == 0 || !(options.All || IsPart(step.Result, result.Images)))
                continue;
            kept.Add(step);
            foreach (var layer in step.Result.Layers)
            {
                if (!made.ContainsKey(layer.Snapshot))
                    made[layer.Snapshot] = Layer(layer, step.Result, options, origins, turns, session, cancel);
            }
        }

        await Task.WhenAll(made.Values);
        var writer = new CacheWriter();
        foreach (var step in steps)
        {
            List<CachedLayer> chain = [];
            if (kept.Contains(step))
            {
                foreach (var layer in step.Result.Layers)
                    chain.Add(await made[layer.Snapshot]);
            }

            writer.Add(step, chain);
        }

        return writer;
    }

    private async Task<CachedLayer> Layer(
        ResultLayer layer, StepResult result, CacheExportOptions options, ConcurrentDictionary<Digest, Graph.ResolvedImage> origins, SemaphoreSlim turns, IBuildSession session, CancellationToken cancel)
    {
        await turns.WaitAsync(cancel);
        try
        {
            return await Layer(layer, result, options, origins, session, cancel);
        }
        finally
        {
            turns.Release();
        }
    }

    private async Task<CachedLayer> Layer(ResultLayer layer, StepResult result, CacheExportOptions options, ConcurrentDictionary<Digest, Graph.ResolvedImage> origins, IBuildSession session, CancellationToken cancel)
    {
        var form = new LayerForm(Compressions.LayerMediaType(options.Compression), options.Level, options.Force, NothingPlain: false);
        if (layer.Record is null && form.Changes(layer.Blob!.MediaType))
            await images.Fetch(result.Image, session, cancel);
        // What an earlier export made may be on its way out: held first, it is there or it is made anew.
        foreach (var blob in layer.Record?.Blobs ?? [layer.Blob!])
            await engine.Containerd.HoldContent(blob.Digest, cancel);
        var made = (await layers.Export(result with { Layers = [layer] }, form, null, cancel))[0];
        if (layer.Record is null && result.Image is { } image)
            origins[made.Blob.Digest] = image;
        return new CachedLayer(new Descriptor { MediaType = Type(made.Blob.MediaType, options.OciTypes), Digest = made.Blob.Digest, Size = made.Blob.Size }, made.DiffId, made.Created);
    }

    private async Task<Descriptor> Write(
        ICacheTarget storage, CacheWriter writer, ConcurrentDictionary<Digest, Graph.ResolvedImage> origins, CacheExportOptions options, IBuildSession session, StepWatcher watcher, CancellationToken cancel)
    {
        using var turns = new SemaphoreSlim(AtOnce);
        List<Task> going = [];
        foreach (var blob in writer.Blobs)
            going.Add(Send(storage, blob, origins, turns, session, watcher, cancel));
        await Task.WhenAll(going);
        var document = writer.Write();
        var config = Descriptor.Of(CacheDocument.MediaType, document);
        watcher.Begin($"writing config {config.Digest}");
        await storage.Write(config, () => new MemoryStream(document), cancel);
        var (manifest, bytes) = Manifest(writer.Blobs, config, options);
        watcher.Begin($"writing cache {(options.AsImage ? "image " : "")}manifest {manifest.Digest}");
        await storage.WriteManifest(manifest, bytes, cancel);
        return manifest;
    }

    private async Task Send(
        ICacheTarget storage, Descriptor blob, ConcurrentDictionary<Digest, Graph.ResolvedImage> origins, SemaphoreSlim turns, IBuildSession session, StepWatcher watcher, CancellationToken cancel)
    {
        await turns.WaitAsync(cancel);
        try
        {
            watcher.Begin($"writing layer {blob.Digest}");
            if (await storage.Has(blob, cancel))
                return;
            // A base image's layers may never have been needed here.
            if (await engine.Containerd.TryContentInfo(blob.Digest, cancel) is null && origins.TryGetValue(blob.Digest, out var image))
                await images.Fetch(image, session, cancel);
            var content = new ContentBlobs(engine.Containerd, null);
            await storage.Write(blob, () => content.OpenReadAsync(blob.Digest, cancel).Result, cancel);
        }
        catch (NaruException e) when (e.Kind != ErrorKind.Canceled)
        {
            throw new NaruException(e.Kind, $"error writing layer blob: {e.Message}", e);
        }
        finally
        {
            turns.Release();
        }
    }

    private static (Descriptor Descriptor, byte[] Content) Manifest(IReadOnlyList<Descriptor> blobs, Descriptor config, CacheExportOptions options)
    {
        var type = options.AsImage ? MediaTypes.OciManifest : options.OciTypes ? MediaTypes.OciIndex : MediaTypes.DockerIndex;
        var bytes = options.AsImage ? new ImageManifest { MediaType = type, Config = config, Layers = blobs }.Write()
            : new ImageIndex { MediaType = type, Manifests = [.. blobs, config] }.Write();
        return (Descriptor.Of(type, bytes), bytes);
    }

    private static CompressionKind Kind(string mediaType) => mediaType switch
    {
        MediaTypes.OciLayerGzip or MediaTypes.DockerLayerGzip => CompressionKind.Gzip,
        MediaTypes.OciLayerZstd or MediaTypes.DockerLayerZstd => CompressionKind.Zstd,
        _ => CompressionKind.None,
    };

    /// <summary>A layer's media type in the family that was asked for.</summary>
    private static string Type(string mediaType, bool oci) => (Kind(mediaType), oci) switch
    {
        (CompressionKind.Gzip, false) => MediaTypes.DockerLayerGzip,
        (CompressionKind.Zstd, false) => MediaTypes.DockerLayerZstd,
        (CompressionKind.None, false) => MediaTypes.DockerLayer,
        (var kind, true) => Compressions.LayerMediaType(kind),
        _ => mediaType,
    };
}
