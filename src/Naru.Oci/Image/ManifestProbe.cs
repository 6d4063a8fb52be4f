using System.Text.Json;
using System.Text.Json.Serialization;

namespace Naru.Oci;

/// <summary>The fields that tell a manifest from an index.</summary>
internal sealed record ManifestProbe
{
    [JsonPropertyName("schemaVersion")]
    public int SchemaVersion { get; init; }

    [JsonPropertyName("mediaType")]
    public string? MediaType { get; init; }

    [JsonPropertyName("layers")]
    public JsonElement? Layers { get; init; }

    [JsonPropertyName("fsLayers")]
    public JsonElement? FsLayers { get; init; }

    [JsonPropertyName("config")]
    public JsonElement? Config { get; init; }

    [JsonPropertyName("manifests")]
    public JsonElement? Manifests { get; init; }
}

[JsonSerializable(typeof(ManifestProbe))]
internal sealed partial class ManifestProbeJson : JsonSerializerContext;
