using System.Text.Json.Serialization;
using Naru.Base;

namespace Naru.Oci;

/// <summary>A list of manifests, one a platform (Docker: manifest list). A view; the bytes it was read from have the digest.</summary>
/// <remarks>OCI image-spec, image-index.md.</remarks>
public sealed record ImageIndex
{
    [JsonPropertyName("schemaVersion")]
    public int SchemaVersion { get; init; } = 2;

    [JsonPropertyName("mediaType")]
    public string? MediaType { get; init; }

    [JsonPropertyName("artifactType")]
    public string? ArtifactType { get; init; }

    [JsonPropertyName("manifests")]
    public IReadOnlyList<Descriptor> Manifests { get; init; } = [];

    [JsonPropertyName("subject")]
    public Descriptor? Subject { get; init; }

    [JsonPropertyName("annotations")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Reads and checks an index.</summary>
    /// <param name="mediaType">What the sender said it is (Content-Type or descriptor), null if nothing did.</param>
    /// <exception cref="NaruException">InvalidArgument: no index, or one that could also be read as a manifest.</exception>
    public static ImageIndex Parse(ReadOnlySpan<byte> content, string? mediaType = null)
    {
        var actual = ManifestKind.Detect(content, mediaType);
        if (!MediaTypes.IsIndex(actual))
            throw NaruException.Invalid($"expected an image index, got media type \"{actual}\"");
        var index = OciJson.Read(content, OciJson.Default.ImageIndex, "index");
        foreach (var manifest in index.Manifests ?? [])
            ManifestKind.CheckDescriptor(manifest, "manifest");
        return index with { MediaType = actual, Manifests = index.Manifests ?? [] };
    }

    public byte[] Write() => OciJson.Write(this, OciJson.Default.ImageIndex);

    /// <summary>The manifest that suits <paramref name="platform"/> best, null if none does. Attestations never do.</summary>
    public Descriptor? Select(Platform platform)
    {
        Descriptor? best = null;
        var bestRank = int.MaxValue;
        foreach (var manifest in Manifests)
        {
            if (manifest.Platform is null || manifest.Annotations?.ContainsKey(MediaTypes.ReferenceTypeAnnotation) == true)
                continue;
            var rank = platform.Rank(manifest.Platform);
            if (rank >= 0 && rank < bestRank)
                (best, bestRank) = (manifest, rank);
        }

        return best;
    }
}
