using System.Text.Json.Serialization;

namespace Naru.Oci;

/// <summary>A repository that a search found, in the words of a registry's index and of Docker's API alike.</summary>
public sealed record FoundImage
{
    [JsonPropertyName("star_count")]
    public long StarCount { get; init; }

    [JsonPropertyName("is_official")]
    public bool IsOfficial { get; init; }

    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    [JsonPropertyName("is_automated")]
    public bool IsAutomated { get; init; }

    [JsonPropertyName("description")]
    public string Description { get; init; } = "";
}
