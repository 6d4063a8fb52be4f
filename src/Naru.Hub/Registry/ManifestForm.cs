using Naru.Base;
using Naru.Oci;

namespace Naru.Hub.Registry;

/// <summary>What the registry needs to know of a manifest's content: what it names, and what it is about.</summary>
/// <param name="Blobs">The config and the layers that have to be here; a foreign layer is fetched from elsewhere.</param>
/// <param name="Manifests">What an index lists.</param>
/// <param name="Size">Bytes of the config and the layers; of an index, nothing.</param>
internal sealed record ManifestForm(string MediaType, string? ArtifactType, Descriptor? Subject, IReadOnlyDictionary<string, string>? Annotations,
    IReadOnlyList<Descriptor> Blobs, IReadOnlyList<Descriptor> Manifests, long Size)
{
    /// <summary>Reads a manifest that somebody pushes.</summary>
    /// <exception cref="RegistryException">MANIFEST_INVALID, with what is wrong; SIZE_INVALID (413).</exception>
    public static ManifestForm Parse(ReadOnlySpan<byte> content, string? contentType)
    {
        if (content.Length > ManifestKind.MaximumSize)
            throw new RegistryException(RegistryErrorCode.SizeInvalid, $"manifest is larger than {ManifestKind.MaximumSize} bytes", status: 413);
        try
        {
            var mediaType = ManifestKind.Detect(content, contentType);
            RequiredFields.Check(content, MediaTypes.IsIndex(mediaType));
            return MediaTypes.IsIndex(mediaType) ? Of(ImageIndex.Parse(content, contentType))
                : MediaTypes.IsManifest(mediaType) ? Of(ImageManifest.Parse(content, contentType))
                : throw NaruException.Invalid($"media type \"{mediaType}\" is neither a manifest nor an index");
        }
        catch (NaruException e) when (e is not RegistryException)
        {
            throw new RegistryException(RegistryErrorCode.ManifestInvalid, e.Message, inner: e);
        }
    }

    private static ManifestForm Of(ImageIndex index) => new(index.MediaType!, Checked(index.ArtifactType), Checked(index.Subject), index.Annotations, [], index.Manifests, 0);

    private static ManifestForm Of(ImageManifest manifest)
    {
        List<Descriptor> blobs = [manifest.Config];
        foreach (var layer in manifest.Layers)
        {
            if (!MediaTypes.IsForeignLayer(layer.MediaType))
                blobs.Add(layer);
        }

        long size = 0;
        foreach (var blob in blobs)
        {
            if (blob.Size > long.MaxValue - size)
                throw NaruException.Invalid($"invalid manifest: {blob.Digest} has size {blob.Size}");
            size += blob.Size;
        }

        // Spec: the type of an artifact is that of its config where it does not say.
        return new(manifest.MediaType!, Checked(manifest.ArtifactType ?? manifest.Config.MediaType), Checked(manifest.Subject), manifest.Annotations, blobs, [], size);
    }

    private static string? Checked(string? artifactType) =>
        artifactType?.AsSpan().ContainsAnyInRange('\0', '\x1f') == true ? throw NaruException.Invalid("invalid manifest: artifactType has control characters") : artifactType;

    private static Descriptor? Checked(Descriptor? subject) =>
        subject is { Digest.IsEmpty: true } ? throw NaruException.Invalid("invalid manifest: subject has no digest") : subject;
}
