using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>The weight of one block device.</summary>
public sealed record WeightDevice
{
    [JsonPropertyName("major")]
    public long Major { get; init; }

    [JsonPropertyName("minor")]
    public long Minor { get; init; }

    [JsonPropertyName("weight")]
    public ushort? Weight { get; init; }

    [JsonPropertyName("leafWeight")]
    public ushort? LeafWeight { get; init; }
}
