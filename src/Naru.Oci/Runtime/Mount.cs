using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>One mount, applied in the order of the list.</summary>
public sealed record Mount
{
    [JsonPropertyName("destination")]
    public string Destination { get; init; } = "";

    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("source")]
    public string? Source { get; init; }

    [JsonPropertyName("options")]
    public IReadOnlyList<string>? Options { get; init; }

    [JsonPropertyName("uidMappings")]
    public IReadOnlyList<IdMapping>? UidMappings { get; init; }

    [JsonPropertyName("gidMappings")]
    public IReadOnlyList<IdMapping>? GidMappings { get; init; }
}
