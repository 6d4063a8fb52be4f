using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>CPU time of a container and, at the same moment, of the machine.</summary>
public sealed record CpuStats
{
    [JsonPropertyName("cpu_usage")]
    public CpuUsage Usage { get; init; } = new();

    /// <summary>Nanoseconds of all CPUs since boot.</summary>
    [JsonPropertyName("system_cpu_usage")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong SystemUsage { get; init; }

    [JsonPropertyName("online_cpus")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public uint OnlineCpus { get; init; }

    [JsonPropertyName("throttling_data")]
    public ThrottlingData Throttling { get; init; } = new();
}
