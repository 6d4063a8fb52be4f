using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>A rule of the devices cgroup; later rules win.</summary>
public sealed record DeviceRule
{
    [JsonPropertyName("allow")]
    public bool Allow { get; init; }

    /// <summary>a, b or c; null is a.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>Null or -1 is any.</summary>
    [JsonPropertyName("major")]
    public long? Major { get; init; }

    [JsonPropertyName("minor")]
    public long? Minor { get; init; }

    /// <summary>Letters of rwm.</summary>
    [JsonPropertyName("access")]
    public string? Access { get; init; }
}
