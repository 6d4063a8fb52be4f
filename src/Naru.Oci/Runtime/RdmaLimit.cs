using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>Limits of one RDMA device.</summary>
public sealed record RdmaLimit
{
    [JsonPropertyName("hcaHandles")]
    public uint? HcaHandles { get; init; }

    [JsonPropertyName("hcaObjects")]
    public uint? HcaObjects { get; init; }
}
