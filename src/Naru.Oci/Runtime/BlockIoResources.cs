using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>Weights and throttles of block devices.</summary>
public sealed record BlockIoResources
{
    [JsonPropertyName("weight")]
    public ushort? Weight { get; init; }

    [JsonPropertyName("leafWeight")]
    public ushort? LeafWeight { get; init; }

    [JsonPropertyName("weightDevice")]
    public IReadOnlyList<WeightDevice>? WeightDevice { get; init; }

    [JsonPropertyName("throttleReadBpsDevice")]
    public IReadOnlyList<ThrottleDevice>? ThrottleReadBpsDevice { get; init; }

    [JsonPropertyName("throttleWriteBpsDevice")]
    public IReadOnlyList<ThrottleDevice>? ThrottleWriteBpsDevice { get; init; }

    [JsonPropertyName("throttleReadIOPSDevice")]
    public IReadOnlyList<ThrottleDevice>? ThrottleReadIopsDevice { get; init; }

    [JsonPropertyName("throttleWriteIOPSDevice")]
    public IReadOnlyList<ThrottleDevice>? ThrottleWriteIopsDevice { get; init; }
}
