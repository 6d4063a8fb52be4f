using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>One of the answers to GET /images/search.</summary>
public sealed record SearchResult
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
