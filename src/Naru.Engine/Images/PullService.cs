using Naru.Api;
using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Engine.Registries;
using Naru.Images;
using Naru.Oci;
using Wire = Naru.Rpc.Transfer;

namespace Naru.Engine.Images;

/// <summary><c>docker pull</c>: the engine asks the registry what the name stands for, containerd fetches it.</summary>
/// <remarks>
/// So a name that does not exist, a registry that is down and wrong credentials are answered with Docker's words before the first line, whichever
/// containerd serves. What is fetched is held by a lease; of a pull that fails nothing is left once that is gone.
/// </remarks>
public sealed class PullService(ContainerdClient containerd, ImageStore images, ImageWriter writer, RegistryAccess registries)
{
    /// <param name="name">A repository, with or without a tag or digest.</param>
    /// <param name="tag">A tag or a digest; null or empty with a bare repository: all of its tags.</param>
    /// <param name="platform">Which of an index's images; null for this machine's.</param>
    /// <exception cref="NaruException">Before the first line: what the request lacks, or what the registry said. After it: what went wrong with a layer.</exception>
    public async Task Pull(string name, string? tag, Platform? platform, AuthConfig? auth, ProgressOutput output, CancellationToken cancel)
    {
        var reference = Reference(name, tag);
        using var registry = registries.Open(reference.Domain, auth);
        if (!reference.IsNameOnly)
        {
            var newer = await PullOne(registry, reference, platform, auth, output, cancel);
            Status(output, newer, reference.Familiar);
            if (platform is not null && await Mismatch(reference, platform, cancel) is { } warning)
                output.Say(warning);
            return;
        }

        var any = false;
        foreach (var each in await RegistryAccess.Ask(() => registry.ListTagsAsync(reference, cancel)))
            any |= await PullOne(registry, reference.WithTag(each), platform, auth, output, cancel);
        Status(output, any, reference.Familiar);
    }

    /// <exception cref="NaruException">InvalidArgument: no name, no tag; PermissionDenied: a name that nobody can have.</exception>
    internal static ImageReference Reference(string name, string? tag)
    {
        var reference = ImageReference.Parse(name.TrimEnd(':'));
        if (!string.IsNullOrEmpty(tag))
            reference = Digest.TryParse(tag, out var digest) ? reference.NameOnly().WithDigest(digest) : reference.WithTag(tag);
        if (reference.Name == "docker.io/library/scratch")
            throw new NaruException(ErrorKind.PermissionDenied, "'scratch' is a reserved name");
        // A digest says all: the tag beside it is not even looked at.
        return reference.Digest.IsEmpty ? reference : reference.NameOnly().WithDigest(reference.Digest);
    }

    private static void Status(ProgressOutput output, bool newer, string name) =>
        output.Say($"Status: {(newer ? "Downloaded newer image" : "Image is up to date")} for {name}");

    /// <returns>Whether the name stands for something new now.</returns>
    private async Task<bool> PullOne(RegistryClient registry, ImageReference reference, Platform? platform, AuthConfig? auth, ProgressOutput output, CancellationToken cancel)
    {
        var target = await RegistryAccess.Ask(() => registry.ResolveAsync(reference, cancel));
        var before = await containerd.TryImage(reference.ToString(), cancel);
        var known = before?.Target.Digest == target.Digest.ToString() && await Present(reference, platform, cancel) is { } present ? present : null;
        var document = known is null ? await RegistryAccess.Ask(() => registry.GetManifestAsync(reference.WithDigest(target.Digest), cancel)) : null;
        output.Say($"Pulling from {reference.Path}", reference.Digest.IsEmpty ? reference.Tag : reference.Familiar);
        if (document is not null)
            await Fetch(registry, reference, target, await Manifest(registry, reference, document, platform, cancel), platform, auth, output, cancel);
        else if (!before!.Labels.ContainsKey(ImageName.FromRegistryLabel))
            await containerd.LabelImage(before.Name, before.Target, ImageName.FromRegistryLabel, "true", cancel);
        output.Say($"Digest: {target.Digest}");
        images.Announce("pull", await images.Find(reference.ToString(), cancel), reference.FamiliarName, reference.Familiar);
        return document is not null && before?.Target.Digest != target.Digest.ToString();
    }

    /// <summary>The image of that name if it is here whole, and of that platform.</summary>
    private async Task<LocalImage?> Present(ImageReference reference, Platform? platform, CancellationToken cancel)
    {
        try
        {
            var image = await images.Find(reference.ToString(), cancel);
            var suits = !MediaTypes.IsIndex(image.Target.MediaType) || (platform ?? Platform.Host).Accepts(image.Config.Platform);
            return suits && (image.ChainId.Length == 0 || await containerd.SnapshotExists(image.ChainId, cancel)) ? image : null;
        }
        catch (NaruException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.InvalidArgument)
        {
            return null;
        }
    }

    /// <summary>The manifest for the platform that is wanted.</summary>
    private static async Task<ImageManifest> Manifest(RegistryClient registry, ImageReference reference, RegistryManifest document, Platform? platform, CancellationToken cancel)
    {
        if (MediaTypes.IsIndex(document.Descriptor.MediaType))
        {
            var wanted = platform ?? Platform.Host;
            var chosen = ImageIndex.Parse(document.Content, document.Descriptor.MediaType).Select(wanted)
                ?? throw NaruException.NotFound($"no matching manifest for {Named(wanted)} in the manifest list entries");
            document = await RegistryAccess.Ask(() => registry.GetManifestAsync(reference.WithDigest(chosen.Digest), cancel));
        }

        return ImageManifest.Parse(document.Content, document.Descriptor.MediaType);
    }

    private async Task Fetch(
        RegistryClient registry, ImageReference reference, Descriptor target, ImageManifest manifest, Platform? platform, AuthConfig? auth, ProgressOutput output, CancellationToken cancel)
    {
        await using var lease = new LeaseScope(containerd, await containerd.CreateLease(cancel)) { Collects = true };
        var progress = await containerd.TryContentInfo(manifest.Config.Digest, cancel) is null ? new PullProgress(manifest.Layers, await Here(manifest, cancel), output) : null;
        await images.KeepNameless(reference.ToString(), manifest.Config.Digest, cancel);
        await containerd.Pull(
            registries.Source(registry, reference.WithDigest(target.Digest)), Destination(reference.ToString(), platform), RegistryAccess.Answers(auth, reference.Domain), line => progress?.Take(line), cancel);
        images.Forget(target.Digest);
        // A containerd that is not set up to unpack this platform has only stored it.
        if (MediaTypes.IsConfig(manifest.Config.MediaType))
            await writer.Unpack(manifest, ImageConfig.Parse(await containerd.ReadContent(manifest.Config.Digest, cancel)).RootFs.DiffIds, cancel);
        progress?.Finish();
        lease.Collects = false;
    }

    /// <summary>Fetches and unpacks one platform's image that is to have no name of its own.</summary>
    /// <param name="reference">The repository, with the manifest's digest.</param>
    /// <returns>The hidden name that holds it in containerd, to be deleted by the caller.</returns>
    public async Task<string> Fetch(ImageReference reference, ImageManifest manifest, ImageConfig config, AuthConfig? auth, CancellationToken cancel)
    {
        using var registry = registries.Open(reference.Domain, auth);
        var hidden = ImageName.Loading();
        await containerd.Pull(registries.Source(registry, reference), Destination(hidden, config.Platform), RegistryAccess.Answers(auth, reference.Domain), static _ => { }, cancel);
        await writer.Unpack(manifest, config.RootFs.DiffIds, cancel);
        return hidden;
    }

    private static Wire.ImageStore Destination(string name, Platform? platform)
    {
        var wire = ImageWriter.Wire(platform ?? Platform.Host);
        return new Wire.ImageStore
        {
            Name = name,
            Labels = { [ImageName.FromRegistryLabel] = "true" },
            Platforms = { wire },
            Unpacks = { new Wire.UnpackConfiguration { Platform = wire, Snapshotter = ContainerdClient.Snapshotter } },
        };
    }

    private async Task<HashSet<Digest>> Here(ImageManifest manifest, CancellationToken cancel)
    {
        HashSet<Digest> here = [];
        foreach (var layer in manifest.Layers)
        {
            if (await containerd.TryContentInfo(layer.Digest, cancel) is not null)
                here.Add(layer.Digest);
        }

        return here;
    }

    private async Task<string?> Mismatch(ImageReference reference, Platform platform, CancellationToken cancel)
    {
        var image = await images.Find(reference.ToString(), cancel);
        return platform.Accepts(image.Config.Platform) ? null
            : $"WARNING: image with reference {reference.Familiar} was found but its platform ({Named(image.Config.Platform)}) does not match the specified platform ({Named(platform)})";
    }

    private static string Named(Platform platform) => platform.ToString();
}
