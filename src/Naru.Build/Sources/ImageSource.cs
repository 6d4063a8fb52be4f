using System.Collections.Concurrent;
using Naru.Base;
using Naru.Build.Context;
using Naru.Build.Graph;
using Naru.Engine;
using Naru.Engine.Registries;
using Naru.Images;
using Naru.Oci;

namespace Naru.Build.Sources;

/// <summary>Images by name, for FROM and COPY --from: the engine's own first, else their registry's. Layers come when a step needs them.</summary>
internal sealed class ImageSource(EngineHost engine)
{
    private readonly ConcurrentDictionary<Digest, Lazy<Task>> fetching = new();
    private readonly ConcurrentBag<string> held = [];

    /// <param name="pull">Asks the registry even if the engine has an image of that name (<c>--pull</c>).</param>
    /// <exception cref="NaruException">NotFound: the registry has none of that name; or what kept it from answering.</exception>
    public async Task<ResolvedImage> Resolve(string reference, Platform platform, bool pull, IBuildSession session, CancellationToken cancel)
    {
        var name = ImageReference.Parse(reference).WithDefaultTag();
        if (!pull && await Local(name, platform, cancel) is { } local)
            return local;
        try
        {
            return await Remote(name, platform, session, cancel);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.NotFound)
        {
            throw NaruException.NotFound($"{name}: not found");
        }
    }

    /// <summary>Makes an image's layers snapshots of this machine, once however many ask.</summary>
    public async Task Fetch(ResolvedImage? image, IBuildSession session, CancellationToken cancel)
    {
        if (image is null || image.IsLocal || await Here(image, cancel))
            return;
        var task = fetching.GetOrAdd(image.Manifest, _ => new Lazy<Task>(() => Task.Run(() => Pull(image, session, cancel), CancellationToken.None))).Value;
        try
        {
            await task.WaitAsync(cancel);
        }
        finally
        {
            fetching.TryRemove(image.Manifest, out _);
        }
    }

    /// <summary>Lets go of what was fetched. What images and kept results stand on stays.</summary>
    public async Task Tidy()
    {
        while (held.TryTake(out var name))
            await engine.Containerd.DeleteImage(name, sync: false, CancellationToken.None);
    }

    private async Task<bool> Here(ResolvedImage image, CancellationToken cancel)
    {
        foreach (var layer in image.Document.Layers)
        {
            if (await engine.Containerd.TryContentInfo(layer.Digest, cancel) is null)
                return false;
        }

        return image.Config.RootFs.DiffIds.Count == 0 || await engine.Containerd.SnapshotExists(ChainId.Of(image.Config.RootFs.DiffIds).ToString(), cancel);
    }

    private async Task<ResolvedImage?> Local(ImageReference name, Platform platform, CancellationToken cancel)
    {
        try
        {
            var image = await engine.Images.Find(name.ToString(), cancel);
            if (!platform.Accepts(image.Config.Platform))
                return null;
            return new ResolvedImage
            {
                Reference = name.ToString(),
                Manifest = image.Manifest,
                Target = image.Target.Digest,
                Document = image.Document,
                Config = image.Config,
                IsLocal = image.ChainId.Length == 0 || await engine.Containerd.SnapshotExists(image.ChainId, cancel),
            };
        }
        catch (NaruException e) when (e.Kind is ErrorKind.NotFound)
        {
            return null;
        }
    }

    private async Task<ResolvedImage> Remote(ImageReference name, Platform platform, IBuildSession session, CancellationToken cancel)
    {
        using var registry = engine.Registries.Open(name.Domain, await session.Credentials(name.Domain, cancel));
        var target = await RegistryAccess.Ask(() => registry.ResolveAsync(name, cancel));
        var document = await RegistryAccess.Ask(() => registry.GetManifestAsync(name.WithDigest(target.Digest), cancel));
        if (MediaTypes.IsIndex(document.Descriptor.MediaType))
        {
            var chosen = ImageIndex.Parse(document.Content, document.Descriptor.MediaType).Select(platform)
                ?? throw NaruException.NotFound("no match for platform in manifest: not found");
            document = await RegistryAccess.Ask(() => registry.GetManifestAsync(name.WithDigest(chosen.Digest), cancel));
        }

        var manifest = ImageManifest.Parse(document.Content, document.Descriptor.MediaType);
        var config = new MemoryStream();
        await using (var blob = await RegistryAccess.Ask(() => registry.OpenBlobAsync(name, manifest.Config, cancel)))
            await blob.CopyToAsync(config, cancel);
        return new ResolvedImage
        {
            Reference = name.ToString(),
            Manifest = document.Descriptor.Digest,
            Target = target.Digest,
            Document = manifest,
            Config = ImageConfig.Parse(config.ToArray()),
            IsLocal = false,
        };
    }

    private async Task Pull(ResolvedImage image, IBuildSession session, CancellationToken cancel)
    {
        if (image.Fetch is { } fetch)
        {
            held.Add(await fetch(cancel));
            return;
        }

        var name = ImageReference.Parse(image.Reference);
        held.Add(await engine.Pulls.Fetch(name.NameOnly().WithDigest(image.Manifest), image.Document, image.Config, await session.Credentials(name.Domain, cancel), cancel));
    }
}
