namespace Naru.Api;

/// <summary>POST /containers/{id}/update: what is 0, empty or null stays as it is.</summary>
public sealed record ContainerUpdateRequest
{
    public long CpuShares { get; init; }

    /// <summary>Bytes.</summary>
    public long Memory { get; init; }

    /// <summary>Billionths of a CPU.</summary>
    public long NanoCpus { get; init; }
    public int BlkioWeight { get; init; }
    public long CpuPeriod { get; init; }
    public long CpuQuota { get; init; }
    public long CpuRealtimePeriod { get; init; }
    public long CpuRealtimeRuntime { get; init; }
    public string? CpusetCpus { get; init; }
    public string? CpusetMems { get; init; }
    public long MemoryReservation { get; init; }
    public long MemorySwap { get; init; }
    public long KernelMemory { get; init; }
    public long? PidsLimit { get; init; }
    public RestartPolicy? RestartPolicy { get; init; }
}
