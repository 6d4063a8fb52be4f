using Naru.Base;
using Naru.Build.Graph;
using Naru.Build.Progress;
using Naru.Build.Solver;
using Naru.Engine;
using Naru.Engine.Containerd;
using Naru.Engine.Images;
using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>Results that a cache elsewhere has, as results of this build. Their layers come when something needs them, as those of a base image do.</summary>
internal sealed class ImportedLayers(EngineHost engine)
{
    private const int AtOnce = 3;

    /// <param name="layers">The whole result, lowest first.</param>
    /// <param name="root">What the step stands on: layers of an image that are here already are not fetched in another form.</param>
    /// <param name="watcher">Told how far the layers are on their way.</param>
    public StepResult Result(CachedStep found, IReadOnlyList<CachedLayer> layers, StepResult root, Platform platform, StepWatcher watcher)
    {
        List<ResultLayer> result = [];
        var below = root.Image is { IsLocal: true } own ? own : root.Image?.Below;
        Digest chain = default;
        for (var number = 0; number < layers.Count; number++)
        {
            var layer = layers[number];
            chain = ChainId.Next(chain, layer.DiffId);
            if (below is not null && (number >= below.Config.RootFs.DiffIds.Count || below.Config.RootFs.DiffIds[number] != layer.DiffId))
                below = null;
            result.Add(new ResultLayer(chain.ToString(), null, layer.DiffId, below?.Document.Layers[number] ?? layer.Blob) { Created = below is null ? layer.Created : null });
        }

        var config = new ImageConfig { Os = platform.Os, Architecture = platform.Architecture, Variant = platform.Variant, RootFs = new RootFs { DiffIds = [.. layers.Select(layer => layer.DiffId)] } };
        var bytes = config.Write();
        var document = new ImageManifest { MediaType = MediaTypes.OciManifest, Config = Descriptor.Of(MediaTypes.OciConfig, bytes), Layers = [.. result.Select(layer => layer.Blob!)] };
        var manifest = Descriptor.Of(MediaTypes.OciManifest, document.Write());
        var image = new ResolvedImage
        {
            Reference = found.From.Name,
            Manifest = manifest.Digest,
            Target = manifest.Digest,
            Document = document,
            Config = config,
            IsLocal = false,
            Below = root.Image is { IsLocal: true } ? root.Image : root.Image?.Below,
            Fetch = cancel => Fetch(found.From, manifest, document, config, watcher, cancel),
        };
        return new StepResult { Identity = found.Id, Layers = result, Image = image };
    }

    /// <summary>Stores and unpacks layers as those of an image without a name.</summary>
    /// <returns>The hidden name that holds it in containerd, to be deleted by the caller.</returns>
    private async Task<string> Fetch(ICacheSource from, Descriptor manifest, ImageManifest document, ImageConfig config, StepWatcher watcher, CancellationToken cancel)
    {
        await using var lease = new LeaseScope(engine.Containerd, await engine.Containerd.CreateLease(cancel));
        using var turns = new SemaphoreSlim(AtOnce);
        List<Task> coming = [];
        foreach (var layer in document.Layers)
            coming.Add(Bring(from, layer, turns, watcher, cancel));
        await Task.WhenAll(coming);
        await engine.ImageWriter.Store(document.Config, config.Write(), null, cancel);
        await engine.ImageWriter.Store(manifest, document.Write(), ImageWriter.Links(document), cancel);
        var hidden = ImageName.Loading();
        await engine.Containerd.PutImage(hidden, ImageWriter.Wire(manifest), null, cancel);
        Digest chain = default;
        for (var number = 0; number < document.Layers.Count; number++)
        {
            chain = ChainId.Next(chain, config.RootFs.DiffIds[number]);
            if (!await engine.Containerd.SnapshotExists(chain.ToString(), cancel))
                watcher.Begin($"extracting {document.Layers[number].Digest}");
        }

        await engine.ImageWriter.Unpack(document, config.RootFs.DiffIds, cancel);
        watcher.Finish();
        return hidden;
    }

    /// <summary>One blob; containerd checks its digest.</summary>
    private async Task Bring(ICacheSource from, Descriptor layer, SemaphoreSlim turns, StepWatcher watcher, CancellationToken cancel)
    {
        await turns.WaitAsync(cancel);
        try
        {
            // One that is there may be on its way out: held first, it stays or it is brought again.
            await engine.Containerd.HoldContent(layer.Digest, cancel);
            for (var tries = 0; await engine.Containerd.TryContentInfo(layer.Digest, cancel) is null; tries++)
            {
                try
                {
                    await using var blob = await from.Open(layer, cancel);
                    await engine.Containerd.WriteContent(layer.Digest, layer.Size, new WatchedStream(blob, done => watcher.Count(layer.Digest.ToString(), done, layer.Size)), null, cancel);
                }
                catch (NaruException e) when (e.Kind == ErrorKind.Unavailable && tries < 20)
                {
                    // Another build brings the same blob at the moment.
                    await Task.Delay(100, cancel);
                }
            }
        }
        finally
        {
            turns.Release();
        }
    }
}
