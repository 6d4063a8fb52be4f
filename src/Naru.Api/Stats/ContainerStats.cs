using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>GET /containers/{id}/stats: one reading of a container's groups, with the one before it for rates.</summary>
public sealed record ContainerStats
{
    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    [JsonPropertyName("id")]
    public string Id { get; init; } = "";

    [JsonPropertyName("read")]
    public string Read { get; init; } = "0001-01-01T00:00:00Z";

    [JsonPropertyName("preread")]
    public string PreRead { get; init; } = "0001-01-01T00:00:00Z";

    [JsonPropertyName("pids_stats")]
    public PidsStats Pids { get; init; } = new();

    [JsonPropertyName("blkio_stats")]
    public BlockStats Block { get; init; } = new();

    /// <summary>Windows only; always 0.</summary>
    [JsonPropertyName("num_procs")]
    public uint Processes { get; init; }

    [JsonPropertyName("storage_stats")]
    public EmptyObject Storage { get; init; } = new();

    [JsonPropertyName("cpu_stats")]
    public CpuStats Cpu { get; init; } = new();

    [JsonPropertyName("precpu_stats")]
    public CpuStats PreCpu { get; init; } = new();

    [JsonPropertyName("memory_stats")]
    public MemoryStats Memory { get; init; } = new();

    /// <summary>By interface name.</summary>
    [JsonPropertyName("networks")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SortedDictionary<string, InterfaceStats>? Networks { get; init; }
}
