using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>The throttle of one block device: bytes or operations a second.</summary>
public sealed record ThrottleDevice
{
    [JsonPropertyName("major")]
    public long Major { get; init; }

    [JsonPropertyName("minor")]
    public long Minor { get; init; }

    [JsonPropertyName("rate")]
    public ulong Rate { get; init; }
}
