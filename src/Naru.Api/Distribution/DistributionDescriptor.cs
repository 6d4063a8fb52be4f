using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>A manifest or index in a registry.</summary>
public sealed record DistributionDescriptor
{
    [JsonPropertyName("mediaType")]
    public string MediaType { get; init; } = "";
    [JsonPropertyName("digest")]
    public string Digest { get; init; } = "";
    [JsonPropertyName("size")]
    public long Size { get; init; }
}
