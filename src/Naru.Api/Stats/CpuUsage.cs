using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>Nanoseconds.</summary>
public sealed record CpuUsage
{
    [JsonPropertyName("total_usage")]
    public ulong Total { get; init; }

    [JsonPropertyName("percpu_usage")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ulong>? PerCpu { get; init; }

    [JsonPropertyName("usage_in_kernelmode")]
    public ulong Kernel { get; init; }

    [JsonPropertyName("usage_in_usermode")]
    public ulong User { get; init; }
}
