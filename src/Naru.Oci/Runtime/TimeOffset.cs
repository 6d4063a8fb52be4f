using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>An offset of time_namespaces(7).</summary>
public sealed record TimeOffset
{
    [JsonPropertyName("secs")]
    public long Secs { get; init; }

    [JsonPropertyName("nanosecs")]
    public uint Nanosecs { get; init; }
}
