using System.Text.Json;
using Naru.Base;

namespace Naru.Oci;

/// <summary>Tells manifests from indexes, strictly: what two programs could read as two different things is refused (CVE-2021-41190).</summary>
public static class ManifestKind
{
    /// <summary>No manifest or index may be larger, in bytes; registries refuse larger ones too.</summary>
    public const int MaximumSize = 4 << 20;

    /// <summary>The media type of <paramref name="content"/>: its own, else the sender's, else what its fields say.</summary>
    /// <param name="mediaType">What the sender said it is, null if nothing did.</param>
    /// <exception cref="NaruException">InvalidArgument: malformed JSON, ambiguous or mismatched.</exception>
    public static string Detect(ReadOnlySpan<byte> content, string? mediaType)
    {
        if (content.Length > MaximumSize)
            throw NaruException.Invalid($"manifest is larger than {MaximumSize} bytes");
        var probe = OciJson.Read(content, ManifestProbeJson.Default.ManifestProbe, "manifest");
        if (probe.SchemaVersion == 1 || mediaType is MediaTypes.DockerSchema1 or MediaTypes.DockerSchema1Signed)
            throw new NaruException(ErrorKind.Unimplemented, $"media type \"{mediaType ?? MediaTypes.DockerSchema1}\" is no longer supported, please rebuild the image as \"{MediaTypes.DockerManifest}\" or \"{MediaTypes.OciManifest}\"");
        var hasLayers = Has(probe.Layers) || Has(probe.Config) || Has(probe.FsLayers);
        var hasManifests = Has(probe.Manifests);
        if (hasLayers && hasManifests)
            throw NaruException.Invalid("media-type: manifest should not have both layers and manifests");
        mediaType = mediaType?.Split(';')[0].Trim() is { Length: > 0 } said && said is not ("application/json" or "application/octet-stream" or "text/plain") ? said : null;
        if (probe.MediaType is { Length: > 0 } own && mediaType is not null && own != mediaType)
            throw NaruException.Invalid($"media-type: manifest contains \"{own}\" but was described as \"{mediaType}\"");
        var actual = probe.MediaType is { Length: > 0 } ? probe.MediaType : mediaType
            ?? (hasManifests ? MediaTypes.OciIndex : hasLayers ? MediaTypes.OciManifest : throw NaruException.Invalid("manifest has neither layers nor manifests"));
        if (MediaTypes.IsIndex(actual) && hasLayers)
            throw NaruException.Invalid($"media-type: index should not have layers or config (media type \"{actual}\")");
        if (MediaTypes.IsManifest(actual) && hasManifests)
            throw NaruException.Invalid($"media-type: manifest should not have manifests (media type \"{actual}\")");
        return actual;
    }

    internal static void CheckDescriptor(Descriptor? descriptor, string what)
    {
        if (descriptor is null || descriptor.Digest.IsEmpty)
            throw NaruException.Invalid($"invalid manifest: {what} has no digest");
        if (descriptor.Size < 0)
            throw NaruException.Invalid($"invalid manifest: {what} {descriptor.Digest} has size {descriptor.Size}");
    }

    private static bool Has(JsonElement? element) => element is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) };
}
