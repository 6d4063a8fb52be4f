using System.Text.Json.Serialization;

namespace Naru.Oci;

/// <summary>The digests of an image's uncompressed layers, lowest first.</summary>
public sealed record RootFs
{
    [JsonPropertyName("type")]
    public string Type { get; init; } = "layers";

    [JsonPropertyName("diff_ids")]
    public IReadOnlyList<Digest> DiffIds { get; init; } = [];
}
