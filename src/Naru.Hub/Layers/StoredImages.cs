using Naru.Base;
using Naru.Hub.Registry;
using Naru.Oci;

namespace Naru.Hub.Layers;

/// <summary>Finds an image by tag or digest, and of several platforms one.</summary>
public sealed class StoredImages(Manifests manifests, Blobs blobs)
{
    private const int MostDepth = 4;
    private const int LargestConfig = 8 << 20;

    /// <param name="platform">As <c>linux/arm64</c>; null for linux/amd64, or whatever the index has first.</param>
    /// <exception cref="RegistryException">MANIFEST_UNKNOWN: no such image, or none for that platform.</exception>
    /// <exception cref="NaruException">InvalidArgument: no platform.</exception>
    public async ValueTask<StoredImage> Require(Repository repository, string reference, string? platform, CancellationToken cancel)
    {
        var wanted = platform is null ? null : Platform.Parse(platform);
        var found = await manifests.Require(repository, reference, cancel);
        for (var depth = 0; MediaTypes.IsIndex(found.MediaType); depth++)
        {
            var chosen = depth < MostDepth ? Choose(ImageIndex.Parse(found.Content, found.MediaType), wanted) : null;
            if (chosen is null)
                throw new RegistryException(RegistryErrorCode.ManifestUnknown, $"{reference} has no image for {platform ?? "any platform"}", reference);
            found = await manifests.Require(repository, chosen.Digest.ToString(), cancel);
        }

        var manifest = ImageManifest.Parse(found.Content, found.MediaType);
        return new StoredImage(reference, found.Digest, manifest, await Config(repository, manifest.Config, cancel));
    }

    private static Descriptor? Choose(ImageIndex index, Platform? wanted)
    {
        if (wanted is not null)
            return index.Select(wanted);
        if (index.Select(new Platform { Os = "linux", Architecture = "amd64" }) is { } common)
            return common;
        foreach (var manifest in index.Manifests)
        {
            if (manifest.Annotations?.ContainsKey(MediaTypes.ReferenceTypeAnnotation) != true)
                return manifest;
        }

        return null;
    }

    private async ValueTask<ImageConfig?> Config(Repository repository, Descriptor config, CancellationToken cancel)
    {
        if (!MediaTypes.IsConfig(config.MediaType) || config.Size > LargestConfig || await blobs.Find(repository, config.Digest, pushing: false, cancel) is not { } blob)
            return null;
        await using var content = await blobs.Read(blob, 0, blob.Size, cancel);
        var bytes = new byte[Math.Min(blob.Size, LargestConfig)];
        await content.ReadExactlyAsync(bytes, cancel);
        try
        {
            return ImageConfig.Parse(bytes);
        }
        catch (NaruException)
        {
            // Anybody can push anything as a config; then there is none to show.
            return null;
        }
    }
}
