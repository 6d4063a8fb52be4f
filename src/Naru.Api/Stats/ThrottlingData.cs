using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>How often a CPU limit held the container back.</summary>
public sealed record ThrottlingData
{
    [JsonPropertyName("periods")]
    public ulong Periods { get; init; }

    [JsonPropertyName("throttled_periods")]
    public ulong ThrottledPeriods { get; init; }

    /// <summary>Nanoseconds.</summary>
    [JsonPropertyName("throttled_time")]
    public ulong ThrottledTime { get; init; }
}
