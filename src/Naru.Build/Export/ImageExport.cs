using Naru.Base;
using Naru.Base.Units;
using Naru.Build.Attestations;
using Naru.Build.Cache.Remote;
using Naru.Build.Context;
using Naru.Build.Execution;
using Naru.Build.Planning;
using Naru.Build.Progress;
using Naru.Build.Solver;
using Naru.Build.Sources;
using Naru.Engine;
using Naru.Engine.Containerd;
using Naru.Engine.Images;
using Naru.Images;
using Naru.Oci;

namespace Naru.Build.Export;

/// <summary>Turns results into an image of the engine's: blobs, config, manifest, and the snapshots that its containers stand on.</summary>
internal sealed class ImageExport(EngineHost engine, LayerExport layers, StepRunner runner, ImageSource sources)
{
    private readonly ContainerdClient containerd = engine.Containerd;

    /// <param name="result">One image a platform; several become an index, and so does one of which something is to be said.</param>
    /// <returns>BuildKit's exporter response.</returns>
    public async Task<IReadOnlyDictionary<string, string>> Export(BuildResult result, ImageOptions options, IBuildSession session, StepWatcher watcher, CancellationToken cancel)
    {
        if (await Known(result, options, watcher, cancel) is { } known)
            return known;
        await using var lease = new LeaseScope(containerd, await containerd.CreateLease(cancel));
        var (target, first) = await StoreAll(result, options, session, watcher, cancel);
        var local = Local(target, first);
        watcher.Begin($"writing image {local.Id}");
        await result.Settle();
        await Name(local, target, options, watcher, cancel);
        watcher.Finish();
        if (options.Push)
            await Push(options, target, session, watcher, cancel);
        return Response(target, first, options);
    }

    /// <summary>Writes images as an archive that load and other tools read; the engine keeps none of them.</summary>
    /// <param name="open">Opens the client's end, once there is something to write.</param>
    public async Task<IReadOnlyDictionary<string, string>> Archive(
        BuildResult result, ImageOptions options, Func<IReadOnlyDictionary<string, string>, Task<Stream>> open, IBuildSession session, StepWatcher watcher, CancellationToken cancel)
    {
        await using var lease = new LeaseScope(containerd, await containerd.CreateLease(cancel));
        var (target, first) = await StoreAll(result, options, session, watcher, cancel);
        var response = Response(target, first, options);
        watcher.Begin("sending tarball");
        await using (var output = await open(response))
            await new ArchiveExporter(new ContentBlobs(containerd, null)).ExportAsync([new ExportedImage(target, options.Names)], first.Platform, output, cancel);
        watcher.Finish();
        return response;
    }

    /// <summary>
    /// The answer when all that would be written is there: the names have this very manifest already, so containerd keeps what it refers to, and no name moves.
    /// Null: something is new.
    /// </summary>
    private async Task<IReadOnlyDictionary<string, string>?> Known(BuildResult result, ImageOptions options, StepWatcher watcher, CancellationToken cancel)
    {
        if (options.Push || options.RewriteTimestamps || result.IsAttested)
            return null;
        List<ComposedImage> composed = [];
        foreach (var image in result.Images)
        {
            if (layers.Remembered(image.Result, options.Layers) is not { } all)
                return null;
            composed.Add(Compose(image, all, options));
        }

        var target = composed.Count == 1 ? Alone(composed[0], options) : Index(Manifests(composed, options), options).Descriptor;
        var names = NamesOf(target, options);
        var held = await Task.WhenAll(names.Count == 0
            ? [Holds(ImageName.Dangling(target.Digest), target, cancel)]
            : names.Select(name => Holds(name.ToString(), target, cancel)));
        if (held.Contains(false))
            return null;
        var local = Local(target, composed[0]);
        watcher.Begin("exporting layers");
        watcher.Begin($"writing image {local.Id}");
        foreach (var name in names)
        {
            watcher.Begin($"naming to {name}");
            engine.Images.AnnounceTag(local, name);
        }

        watcher.Finish();
        return Response(target, composed[0], options);
    }

    private async Task<bool> Holds(string name, Descriptor target, CancellationToken cancel) =>
        await containerd.TryImage(name, cancel) is { } image && image.Target.Digest == target.Digest.ToString();

    /// <returns>What the image's name is to point to, and the first platform's documents.</returns>
    private async Task<(Descriptor Target, ComposedImage First)> StoreAll(BuildResult result, ImageOptions options, IBuildSession session, StepWatcher watcher, CancellationToken cancel)
    {
        List<ComposedImage> stored = [];
        List<Descriptor> attestations = [];
        watcher.Begin("exporting layers");
        foreach (var image in result.Images)
        {
            var (manifest, all) = await Store(image, options, session, watcher, cancel);
            stored.Add(manifest);
            if (result.Said(image, step => ExportedSteps.Layers(step, result.Facts!, image.Result, all), inline: true) is { Count: > 0 } said)
                attestations.Add(await Attest(manifest, options.Names, said, watcher, cancel));
        }

        watcher.Finish();
        var target = stored.Count == 1 && attestations.Count == 0 ? Alone(stored[0], options) : await StoreIndex([.. Manifests(stored, options), .. attestations], options, watcher, cancel);
        return (target, stored[0]);
    }

    /// <summary>One image of one platform: no index is about it.</summary>
    private static Descriptor Alone(ComposedImage image, ImageOptions options)
    {
        if (options.Annotations.HasIndex)
            throw NaruException.Invalid("index annotations not supported for single platform export");
        return image.Manifest with { Annotations = options.Annotations.Of("manifest-descriptor", image.Platform) };
    }

    /// <summary>Stores what is said of an image.</summary>
    /// <returns>As the index is to have it.</returns>
    private async Task<Descriptor> Attest(ComposedImage image, IReadOnlyList<ImageReference> names, IReadOnlyList<Attestation> said, StepWatcher watcher, CancellationToken cancel)
    {
        var manifest = AttestationManifest.Of(image.Manifest, image.Platform, names, said);
        watcher.Begin($"exporting attestation manifest {manifest.Target.Digest}");
        for (var number = 0; number < manifest.Statements.Count; number++)
            await engine.ImageWriter.Store(manifest.Document.Layers[number], manifest.Statements[number], null, cancel);
        await engine.ImageWriter.Store(manifest.Document.Config, manifest.Config, null, cancel);
        await engine.ImageWriter.Store(manifest.Target, manifest.Bytes, ImageWriter.Links(manifest.Document), cancel);
        return manifest.Target;
    }

    private async Task Push(ImageOptions options, Descriptor target, IBuildSession session, StepWatcher watcher, CancellationToken cancel)
    {
        foreach (var name in options.Names)
        {
            watcher.Begin("pushing layers");
            var auth = await session.Credentials(name.Domain, cancel);
            if (options.PushByDigest)
                await engine.Pushes.PushByDigest(name, target, auth, cancel);
            else
                await engine.Pushes.Push(name.NameOnly().ToString(), name.Tag, null, auth, new ProgressOutput(), cancel, asIs: true);
            watcher.Begin($"pushing manifest for {(options.PushByDigest ? name.NameOnly() : name)}@{target.Digest}");
            watcher.Finish();
        }
    }

    /// <summary>One platform's image, whole but for a name.</summary>
    private async Task<(ComposedImage Manifest, IReadOnlyList<ExportedLayer> Layers)> Store(SolvedImage image, ImageOptions options, IBuildSession session, StepWatcher watcher, CancellationToken cancel)
    {
        await sources.Fetch(image.Result.Image, session, cancel);
        var all = await layers.Export(image.Result, options.Layers, options.RewriteTimestamps ? options.Epoch : null, cancel);
        var composed = Compose(image, all, options);
        var document = composed.Document;
        if (await containerd.TryContentInfo(composed.Manifest.Digest, cancel) is null || await containerd.TryContentInfo(document.Config.Digest, cancel) is null)
        {
            watcher.Begin($"exporting manifest {composed.Manifest.Digest}");
            await engine.ImageWriter.Store(document.Config, composed.ConfigBytes, null, cancel);
            await engine.ImageWriter.Store(composed.Manifest, composed.ManifestBytes, ImageWriter.Links(document), cancel);
        }

        await Unpack(document, all, cancel);
        return (composed, all);
    }

    /// <summary>An image's documents of its layers: nothing else determines them.</summary>
    private static ComposedImage Compose(SolvedImage image, IReadOnlyList<ExportedLayer> all, ImageOptions options)
    {
        var config = Config(image, all, options);
        var bytes = config.Write();
        var document = new ImageManifest
        {
            MediaType = options.ManifestType,
            Config = Descriptor.Of(options.ConfigType, bytes),
            Layers = [.. all.Select(layer => layer.Blob)],
            Annotations = options.Annotations.Of("manifest", image.Planned.Platform),
        };
        var manifest = document.Write();
        return new ComposedImage(Descriptor.Of(options.ManifestType, manifest), manifest, document, bytes, config, image.Planned.Platform);
    }

    private static ImageConfig Config(SolvedImage image, IReadOnlyList<ExportedLayer> all, ImageOptions options)
    {
        var planned = image.Planned;
        var history = ImageHistory.Complete(planned.Config.History ?? [], all, options.Epoch);
        return planned.Config with
        {
            History = history,
            Created = history.Count > 0 ? history[^1].Created : options.Epoch is { } epoch ? GoTime.Nano(epoch) : planned.Config.Created,
            RootFs = new RootFs { DiffIds = [.. all.Select(layer => layer.DiffId)] },
            BuildCache = options.InlineCache ? InlineCache.Write(image.Steps.Value, all, image.Result.Layers) : null,
        };
    }

    /// <summary>Gives the layers' snapshots the names by which images know them: the files are there already.</summary>
    private async Task Unpack(ImageManifest document, IReadOnlyList<ExportedLayer> all, CancellationToken cancel)
    {
        if (all.Count == 0)
            return;
        if (all.Any(layer => layer.Snapshot is null))
        {
            await engine.ImageWriter.Unpack(document, [.. all.Select(layer => layer.DiffId)], cancel);
            return;
        }

        List<string> chain = [];
        Digest last = default;
        foreach (var layer in all)
            chain.Add((last = ChainId.Next(last, layer.DiffId)).ToString());
        if (!await containerd.SnapshotExists(chain[^1], cancel))
        {
            for (var number = 0; number < all.Count; number++)
            {
                if (all[number].Snapshot != chain[number] && !await containerd.SnapshotExists(chain[number], cancel))
                    await runner.Share(chain[number], number == 0 ? "" : chain[number - 1], all[number].Snapshot!, root: false, cancel);
            }
        }

        await containerd.LabelContent(document.Config.Digest, new Dictionary<string, string> { ["containerd.io/gc.ref.snapshot.overlayfs"] = chain[^1] }, cancel);
    }

    private static IEnumerable<Descriptor> Manifests(IReadOnlyList<ComposedImage> images, ImageOptions options) =>
        images.Select(one => one.Manifest with { Platform = one.Platform, Annotations = options.Annotations.Of("manifest-descriptor", one.Platform) });

    private static (Descriptor Descriptor, byte[] Bytes) Index(IEnumerable<Descriptor> manifests, ImageOptions options)
    {
        var index = new ImageIndex { MediaType = options.IndexType, Manifests = [.. manifests], Annotations = options.Annotations.Of("index", null) };
        var bytes = index.Write();
        return (Descriptor.Of(options.IndexType, bytes) with { Annotations = options.Annotations.Of("index-descriptor", null) }, bytes);
    }

    private async Task<Descriptor> StoreIndex(IReadOnlyList<Descriptor> manifests, ImageOptions options, StepWatcher watcher, CancellationToken cancel)
    {
        var (descriptor, bytes) = Index(manifests, options);
        watcher.Begin($"exporting manifest list {descriptor.Digest}");
        await engine.ImageWriter.Store(descriptor, bytes, ImageWriter.Links(manifests), cancel);
        return descriptor;
    }

    private static LocalImage Local(Descriptor target, ComposedImage first) =>
        new() { Id = first.Document.Config.Digest, Manifest = first.Manifest.Digest, Target = target, Document = first.Document, Config = first.Parsed, Names = [] };

    /// <summary>Names come last: an image is seen when it is whole. One without a name is kept as Docker keeps it.</summary>
    private async Task Name(LocalImage image, Descriptor target, ImageOptions options, StepWatcher watcher, CancellationToken cancel)
    {
        var names = NamesOf(target, options);
        if (names.Count == 0)
        {
            await containerd.PutImage(ImageName.Dangling(target.Digest), ImageWriter.Wire(target), null, cancel);
            return;
        }

        foreach (var name in names)
        {
            watcher.Begin($"naming to {name}");
            await engine.Images.Name(image, name, target, fromRegistry: false, cancel);
        }
    }

    private static List<ImageReference> NamesOf(Descriptor target, ImageOptions options)
    {
        List<ImageReference> names = [];
        foreach (var name in options.Names)
        {
            if (!options.PushByDigest)
                names.Add(name);
            if (options.CanonicalNames)
                names.Add(name.NameOnly().WithDigest(target.Digest));
        }

        return names;
    }

    private static Dictionary<string, string> Response(Descriptor target, ComposedImage first, ImageOptions options)
    {
        var response = new Dictionary<string, string>
        {
            ["containerimage.digest"] = target.Digest.ToString(),
            ["containerimage.config.digest"] = first.Document.Config.Digest.ToString(),
            ["containerimage.descriptor"] = Convert.ToBase64String(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(target, OciJson.Default.Descriptor)),
        };
        if (options.Names.Count > 0)
            response["image.name"] = string.Join(',', options.Names);
        return response;
    }

    private sealed record ComposedImage(Descriptor Manifest, byte[] ManifestBytes, ImageManifest Document, byte[] ConfigBytes, ImageConfig Parsed, Platform Platform);
}
