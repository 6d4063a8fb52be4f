using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>Intel resource director technology (resctrl).</summary>
public sealed record IntelRdt
{
    [JsonPropertyName("closID")]
    public string? ClosId { get; init; }

    [JsonPropertyName("l3CacheSchema")]
    public string? L3CacheSchema { get; init; }

    [JsonPropertyName("memBwSchema")]
    public string? MemBwSchema { get; init; }
}
