using Naru.Oci.Runtime;

namespace Naru.Runtime.Cgroups;

/// <summary>One update of a container's resources: what is changed, with what it depends on.</summary>
/// <param name="Written">What is written to the cgroup: the change, and where a part of it makes sense only with what was set before (quota and period, memory and swap) that as well.</param>
/// <param name="Former">The same parts as they were: written again when the kernel refuses the new.</param>
/// <param name="Result">All resources from now on.</param>
internal sealed record ResourceUpdate(Resources Written, Resources Former, Resources Result)
{
    /// <param name="before">What was set at the create, or came out of the update before this one.</param>
    public static ResourceUpdate Of(Resources? before, Resources change)
    {
        var old = before ?? new Resources();
        // A section that says nothing is none.
        change = change with
        {
            Memory = change.Memory == new MemoryResources() ? null : change.Memory,
            Cpu = change.Cpu == new CpuResources() ? null : change.Cpu,
            BlockIo = change.BlockIo == new BlockIoResources() ? null : change.BlockIo,
        };
        var memory = change.Memory is null ? null : Merge(old.Memory ?? new MemoryResources(), change.Memory);
        var cpu = change.Cpu is null ? null : Merge(old.Cpu ?? new CpuResources(), change.Cpu);
        var io = change.BlockIo is null ? null : Merge(old.BlockIo ?? new BlockIoResources(), change.BlockIo);
        var pids = change.Pids is { Limit: not 0 } ? change.Pids : null;
        var result = old with
        {
            Memory = memory ?? old.Memory,
            Cpu = cpu ?? old.Cpu,
            BlockIo = io ?? old.BlockIo,
            Pids = pids ?? old.Pids,
            HugepageLimits = change.HugepageLimits ?? old.HugepageLimits,
            Network = change.Network ?? old.Network,
            Rdma = change.Rdma ?? old.Rdma,
            Devices = null,
            Unified = null,
        };
        // Sets of CPUs and nodes depend on nothing else: they are written when they change.
        var written = change with
        {
            Memory = memory,
            Cpu = cpu is null ? null : cpu with { Cpus = change.Cpu!.Cpus, Mems = change.Cpu.Mems },
            BlockIo = change.BlockIo,
            Pids = pids,
            Devices = null,
        };
        var former = new Resources
        {
            // Without a limit before, none is what is set back.
            Memory = memory is null ? null : (old.Memory ?? new MemoryResources()) with { Limit = old.Memory?.Limit ?? (change.Memory!.Limit is null ? null : -1) },
            Cpu = cpu is null ? null : (old.Cpu ?? new CpuResources()) with { Quota = old.Cpu?.Quota ?? (change.Cpu!.Quota is null ? null : -1) },
            BlockIo = change.BlockIo is null ? null : old.BlockIo,
            Pids = pids is null ? null : old.Pids,
            HugepageLimits = change.HugepageLimits is null ? null : old.HugepageLimits,
            Network = change.Network is null ? null : old.Network,
            Rdma = change.Rdma is null ? null : old.Rdma,
        };
        return new ResourceUpdate(written, former, result);
    }

    private static MemoryResources Merge(MemoryResources old, MemoryResources change) => old with
    {
        Limit = change.Limit ?? old.Limit,
        Reservation = change.Reservation ?? old.Reservation,
        // No limit of memory is none of memory and swap either, unless the latter is named.
        Swap = change.Swap ?? (change.Limit == -1 ? -1 : old.Swap),
        Swappiness = change.Swappiness ?? old.Swappiness,
        DisableOomKiller = change.DisableOomKiller ?? old.DisableOomKiller,
        CheckBeforeUpdate = change.CheckBeforeUpdate ?? old.CheckBeforeUpdate,
    };

    private static CpuResources Merge(CpuResources old, CpuResources change) => old with
    {
        Shares = change.Shares ?? old.Shares,
        Quota = change.Quota ?? old.Quota,
        Period = change.Period ?? old.Period,
        Burst = change.Burst ?? old.Burst,
        RealtimeRuntime = change.RealtimeRuntime ?? old.RealtimeRuntime,
        RealtimePeriod = change.RealtimePeriod ?? old.RealtimePeriod,
        // Who gives shares wants them to count.
        Idle = change.Idle ?? (change.Shares is > 0 && old.Idle == 1 ? 0 : old.Idle),
        Cpus = change.Cpus is { Length: > 0 } ? change.Cpus : old.Cpus,
        Mems = change.Mems is { Length: > 0 } ? change.Mems : old.Mems,
    };

    private static BlockIoResources Merge(BlockIoResources old, BlockIoResources change) => old with
    {
        Weight = change.Weight ?? old.Weight,
        LeafWeight = change.LeafWeight ?? old.LeafWeight,
        WeightDevice = change.WeightDevice ?? old.WeightDevice,
        ThrottleReadBpsDevice = change.ThrottleReadBpsDevice ?? old.ThrottleReadBpsDevice,
        ThrottleWriteBpsDevice = change.ThrottleWriteBpsDevice ?? old.ThrottleWriteBpsDevice,
        ThrottleReadIopsDevice = change.ThrottleReadIopsDevice ?? old.ThrottleReadIopsDevice,
        ThrottleWriteIopsDevice = change.ThrottleWriteIopsDevice ?? old.ThrottleWriteIopsDevice,
    };
}
