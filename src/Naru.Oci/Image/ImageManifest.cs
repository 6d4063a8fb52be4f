using System.Text.Json.Serialization;
using Naru.Base;

namespace Naru.Oci;

/// <summary>An image for one platform: its config and its layers, lowest first. A view; the bytes it was read from have the digest.</summary>
/// <remarks>OCI image-spec, manifest.md; Docker's manifest v2 schema 2 has the same shape.</remarks>
public sealed record ImageManifest
{
    [JsonPropertyName("schemaVersion")]
    public int SchemaVersion { get; init; } = 2;

    [JsonPropertyName("mediaType")]
    public string? MediaType { get; init; }

    [JsonPropertyName("artifactType")]
    public string? ArtifactType { get; init; }

    [JsonPropertyName("config")]
    public Descriptor Config { get; init; } = new();

    [JsonPropertyName("layers")]
    public IReadOnlyList<Descriptor> Layers { get; init; } = [];

    [JsonPropertyName("subject")]
    public Descriptor? Subject { get; init; }

    [JsonPropertyName("annotations")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Reads and checks a manifest.</summary>
    /// <param name="mediaType">What the sender said it is (Content-Type or descriptor), null if nothing did.</param>
    /// <exception cref="NaruException">InvalidArgument: no manifest, or one that could also be read as an index.</exception>
    public static ImageManifest Parse(ReadOnlySpan<byte> content, string? mediaType = null)
    {
        var actual = ManifestKind.Detect(content, mediaType);
        if (!MediaTypes.IsManifest(actual))
            throw NaruException.Invalid($"expected an image manifest, got media type \"{actual}\"");
        var manifest = OciJson.Read(content, OciJson.Default.ImageManifest, "manifest");
        if (manifest.Config is null || manifest.Config.Digest.IsEmpty)
            throw NaruException.Invalid("invalid manifest: config has no digest");
        foreach (var layer in manifest.Layers ?? [])
            ManifestKind.CheckDescriptor(layer, "layer");
        ManifestKind.CheckDescriptor(manifest.Config, "config");
        return manifest with { MediaType = actual, Layers = manifest.Layers ?? [] };
    }

    public byte[] Write() => OciJson.Write(this, OciJson.Default.ImageManifest);
}
