using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>Reads and writes of block devices.</summary>
public sealed record BlockStats
{
    [JsonPropertyName("io_service_bytes_recursive")]
    public IReadOnlyList<BlockEntry>? ServiceBytes { get; init; }

    [JsonPropertyName("io_serviced_recursive")]
    public IReadOnlyList<BlockEntry>? Serviced { get; init; }

    [JsonPropertyName("io_queue_recursive")]
    public IReadOnlyList<BlockEntry>? Queue { get; init; }

    [JsonPropertyName("io_service_time_recursive")]
    public IReadOnlyList<BlockEntry>? ServiceTime { get; init; }

    [JsonPropertyName("io_wait_time_recursive")]
    public IReadOnlyList<BlockEntry>? WaitTime { get; init; }

    [JsonPropertyName("io_merged_recursive")]
    public IReadOnlyList<BlockEntry>? Merged { get; init; }

    [JsonPropertyName("io_time_recursive")]
    public IReadOnlyList<BlockEntry>? Time { get; init; }

    [JsonPropertyName("sectors_recursive")]
    public IReadOnlyList<BlockEntry>? Sectors { get; init; }
}
