using System.Text.Json;
using Naru.Api;
using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Engine.Registries;
using Naru.Images;
using Naru.Oci;
using Wire = Naru.Rpc.Transfer;

namespace Naru.Engine.Images;

/// <summary><c>docker push</c>: what containerd holds of an image, to a registry. Everything after the first line is said on the stream, as Docker does.</summary>
public sealed class PushService(ContainerdClient containerd, ImageStore images, ImageWriter writer, RegistryAccess registries)
{
    private readonly PushedForm form = new(containerd, writer);

    /// <param name="name">A repository, perhaps with a tag.</param>
    /// <param name="tag">Null or empty with a bare repository: all of its tags.</param>
    /// <exception cref="NaruException">InvalidArgument: no such name can be; then nothing was said yet.</exception>
    /// <param name="asIs">Plain layers go as they are; otherwise they are compressed first, and the name is from then on of what was pushed.</param>
    public async Task Push(string name, string? tag, Platform? platform, AuthConfig? auth, ProgressOutput output, CancellationToken cancel, bool asIs = false)
    {
        var reference = ImageReference.Parse(name);
        if (!string.IsNullOrEmpty(tag))
            reference = reference.WithTag(tag);
        if (!reference.Digest.IsEmpty)
            throw NaruException.Invalid("cannot push a digest reference");
        output.Say($"The push refers to repository [{reference.Name}]");
        var here = await images.Named(reference.NameOnly(), cancel);
        if (here.Count == 0)
            throw NaruException.NotFound($"An image does not exist locally with the tag: {reference.FamiliarName}");
        using var registry = registries.Open(reference.Domain, auth);
        await registry.PingAsync(reference.Domain, cancel);
        var going = here.Where(each => reference.Tag is null || each.Name.Reference!.Tag == reference.Tag).ToList();
        if (going.Count == 0)
            throw NaruException.NotFound($"tag does not exist: {reference.Familiar}");
        foreach (var each in going)
            await PushOne(registry, each.Image, asIs ? each.Name : await Formed(each.Name, cancel), platform, auth, output, cancel);
    }

    /// <summary>Pushes what no tag there is to point to: it is known by its digest alone.</summary>
    /// <param name="target">A manifest or an index, held by the lease of the call.</param>
    public async Task PushByDigest(ImageReference repository, Descriptor target, AuthConfig? auth, CancellationToken cancel)
    {
        var reference = repository.NameOnly().WithDigest(target.Digest);
        using var registry = registries.Open(reference.Domain, auth);
        await registry.PingAsync(reference.Domain, cancel);
        var name = ImageName.Loading();
        await containerd.PutImage(name, ImageWriter.Wire(target), null, cancel);
        try
        {
            await containerd.Push(new Wire.ImageStore { Name = name }, registries.Source(registry, reference), RegistryAccess.Answers(auth, reference.Domain), _ => { }, cancel);
        }
        finally
        {
            await containerd.DeleteImage(name, sync: false, CancellationToken.None);
        }
    }

    /// <summary>The name, of the image as registries are to have it. What came from a registry is so already.</summary>
    private async Task<ImageName> Formed(ImageName name, CancellationToken cancel)
    {
        if (name.FromRegistry)
            return name;
        await using var lease = new LeaseScope(containerd, await containerd.CreateLease(cancel));
        var target = await form.Of(name.Target, cancel);
        if (target.Digest == name.Target.Digest)
            return name;
        await containerd.RetargetImage(name.Name, ImageWriter.Wire(target), cancel);
        return name with { Target = target };
    }

    private async Task PushOne(RegistryClient registry, LocalImage image, ImageName name, Platform? platform, AuthConfig? auth, ProgressOutput output, CancellationToken cancel)
    {
        var reference = name.Reference!;
        var (target, manifest) = await Choose(name, platform, cancel);
        var diffIds = MediaTypes.IsConfig(manifest.Config.MediaType) ? ImageConfig.Parse(await containerd.ReadContent(manifest.Config.Digest, cancel)).RootFs.DiffIds : [];
        var progress = new PushProgress(manifest, diffIds, output);
        // Leave to push is asked for before containerd begins: the answer is in Docker's words then, whichever containerd it is.
        await registry.BlobExistsAsync(reference, manifest.Config.Digest, cancel);
        var source = name.Name;
        if (target.Digest != name.Target.Digest)
        {
            // Of an index only the parts that are here can be pushed: a name for the moment points to the one that is meant.
            source = ImageName.Dangling(target.Digest);
            await containerd.PutImage(source, ImageWriter.Wire(target), null, cancel);
        }

        try
        {
            await containerd.Push(new Wire.ImageStore { Name = source }, registries.Source(registry, reference), RegistryAccess.Answers(auth, reference.Domain), progress.Take, cancel);
        }
        finally
        {
            if (source != name.Name)
                await containerd.DeleteImage(source, sync: false, CancellationToken.None);
        }

        progress.Finish();
        if (target.Digest == name.Target.Digest && !name.FromRegistry)
            await containerd.LabelImage(name.Name, ImageWriter.Wire(name.Target), ImageName.FromRegistryLabel, "true", cancel);
        images.Announce("push", image, reference.FamiliarName, reference.Familiar);
        output.Say($"{reference.Tag}: digest: {target.Digest} size: {target.Size}");
        output.Aux(JsonSerializer.SerializeToElement(new PushResult { Tag = reference.Tag!, Digest = target.Digest.ToString(), Size = target.Size }, ApiJson.Default.PushResult));
    }

    /// <summary>What is pushed: the whole index if all of it is here and no platform was asked for, else one manifest.</summary>
    private async Task<(Descriptor Target, ImageManifest Manifest)> Choose(ImageName name, Platform? platform, CancellationToken cancel)
    {
        if (!MediaTypes.IsIndex(name.Target.MediaType))
            return (name.Target, ImageManifest.Parse(await containerd.ReadContent(name.Target.Digest, cancel), name.Target.MediaType));
        var index = ImageIndex.Parse(await containerd.ReadContent(name.Target.Digest, cancel), name.Target.MediaType);
        List<Descriptor> here = [];
        foreach (var child in index.Manifests)
        {
            if (await IsWhole(child, cancel))
                here.Add(child);
        }

        var chosen = (index with { Manifests = here }).Select(platform ?? Platform.Host) ?? (platform is null ? here.FirstOrDefault() : null)
            ?? throw NaruException.NotFound($"image with reference {name.Reference!.Familiar} was found but does not provide the specified platform ({platform ?? Platform.Host})");
        var manifest = ImageManifest.Parse(await containerd.ReadContent(chosen.Digest, cancel), chosen.MediaType);
        return platform is null && here.Count == index.Manifests.Count ? (name.Target, manifest) : (chosen, manifest);
    }

    private async Task<bool> IsWhole(Descriptor child, CancellationToken cancel)
    {
        if (await containerd.TryContentInfo(child.Digest, cancel) is null)
            return false;
        var manifest = ImageManifest.Parse(await containerd.ReadContent(child.Digest, cancel), child.MediaType);
        foreach (var blob in manifest.Layers.Append(manifest.Config))
        {
            if (await containerd.TryContentInfo(blob.Digest, cancel) is null)
                return false;
        }

        return true;
    }
}
