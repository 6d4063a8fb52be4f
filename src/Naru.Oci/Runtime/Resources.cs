using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>Limits of the container's cgroup; what is null is left as the kernel has it.</summary>
public sealed record Resources
{
    [JsonPropertyName("devices")]
    public IReadOnlyList<DeviceRule>? Devices { get; init; }

    [JsonPropertyName("memory")]
    public MemoryResources? Memory { get; init; }

    [JsonPropertyName("cpu")]
    public CpuResources? Cpu { get; init; }

    [JsonPropertyName("pids")]
    public PidsResources? Pids { get; init; }

    [JsonPropertyName("blockIO")]
    public BlockIoResources? BlockIo { get; init; }

    [JsonPropertyName("hugepageLimits")]
    public IReadOnlyList<HugepageLimit>? HugepageLimits { get; init; }

    [JsonPropertyName("network")]
    public NetworkResources? Network { get; init; }

    [JsonPropertyName("rdma")]
    public IReadOnlyDictionary<string, RdmaLimit>? Rdma { get; init; }

    [JsonPropertyName("unified")]
    public IReadOnlyDictionary<string, string>? Unified { get; init; }
}
