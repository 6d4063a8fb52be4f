using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>Intel resource director technology (resctrl): the class that the container's processes belong to, and its shares of cache and memory bandwidth.</summary>
public sealed record IntelRdt
{
    /// <summary>The class's folder in resctrl; the container's id if it is not given.</summary>
    [JsonPropertyName("closID")]
    public string? ClosId { get; init; }

    /// <summary>Lines of the class's schemata, written after the two below.</summary>
    [JsonPropertyName("schemata")]
    public IReadOnlyList<string>? Schemata { get; init; }

    /// <summary>«L3:0=ffff;1=ffff».</summary>
    [JsonPropertyName("l3CacheSchema")]
    public string? L3CacheSchema { get; init; }

    /// <summary>«MB:0=70;1=20».</summary>
    [JsonPropertyName("memBwSchema")]
    public string? MemBwSchema { get; init; }

    /// <summary>Cache occupancy is counted; what runtime-spec had before <see cref="EnableMonitoring"/>.</summary>
    [JsonPropertyName("enableCMT")]
    public bool EnableCmt { get; init; }

    /// <summary>Memory bandwidth is counted; what runtime-spec had before <see cref="EnableMonitoring"/>.</summary>
    [JsonPropertyName("enableMBM")]
    public bool EnableMbm { get; init; }

    /// <summary>A monitoring group of its own, named after the container.</summary>
    [JsonPropertyName("enableMonitoring")]
    public bool EnableMonitoring { get; init; }
}
