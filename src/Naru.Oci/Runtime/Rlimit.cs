using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>A limit of setrlimit(2).</summary>
public sealed record Rlimit
{
    /// <summary>RLIMIT_NOFILE and so on.</summary>
    [JsonPropertyName("type")]
    public string Type { get; init; } = "";

    [JsonPropertyName("hard")]
    public ulong Hard { get; init; }

    [JsonPropertyName("soft")]
    public ulong Soft { get; init; }
}
