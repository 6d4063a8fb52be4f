using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>sched_setattr(2).</summary>
public sealed record Scheduler
{
    [JsonPropertyName("policy")]
    public string Policy { get; init; } = "";

    [JsonPropertyName("nice")]
    public int? Nice { get; init; }

    [JsonPropertyName("priority")]
    public int? Priority { get; init; }

    [JsonPropertyName("flags")]
    public IReadOnlyList<string>? Flags { get; init; }

    [JsonPropertyName("runtime")]
    public ulong? Runtime { get; init; }

    [JsonPropertyName("deadline")]
    public ulong? Deadline { get; init; }

    [JsonPropertyName("period")]
    public ulong? Period { get; init; }
}
