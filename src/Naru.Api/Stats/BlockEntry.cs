using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>One device, one operation.</summary>
public sealed record BlockEntry
{
    [JsonPropertyName("major")]
    public ulong Major { get; init; }

    [JsonPropertyName("minor")]
    public ulong Minor { get; init; }

    [JsonPropertyName("op")]
    public string Op { get; init; } = "";

    [JsonPropertyName("value")]
    public ulong Value { get; init; }
}
