using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>The CPUs an exec starts on and then runs on.</summary>
public sealed record CpuAffinity
{
    [JsonPropertyName("initial")]
    public string? Initial { get; init; }

    [JsonPropertyName("final")]
    public string? Final { get; init; }
}
