using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using static Naru.Runtime.Cgroups.CgroupLimits;

namespace Naru.Runtime.Cgroups;

/// <summary>The unified hierarchy's files; v1's terms are translated as runc translates them.</summary>
internal static class UnifiedLimits
{
    public static void Apply(Cgroup cgroup, Resources resources, bool devices)
    {
        if (devices && resources.Devices is { Count: > 0 } rules && !DeviceRules.AllowsAll(rules))
            DeviceFilter.Attach(cgroup.Folders[""], DeviceProgram.Build(DeviceRules.Of(rules)));
        ApplyMemory(cgroup, resources.Memory);
        ApplyCpu(cgroup, resources.Cpu);
        if (resources.Pids is { Limit: not 0 } pids)
            Write(cgroup, "pids", "pids.max", Limit(pids.Limit));
        ApplyIo(cgroup, resources.BlockIo);
        foreach (var limit in resources.HugepageLimits ?? [])
        {
            Write(cgroup, "hugetlb", $"hugetlb.{limit.PageSize}.max", Text(limit.Limit));
            if (File.Exists($"{cgroup.Folders[""]}/hugetlb.{limit.PageSize}.rsvd.max"))
                Write(cgroup, "hugetlb", $"hugetlb.{limit.PageSize}.rsvd.max", Text(limit.Limit));
        }

        if (resources.Network is { } network && (network.ClassId is > 0 || network.Priorities is { Count: > 0 }))
            throw NaruException.Invalid("linux.resources.network needs cgroup v1");
        ApplyRdma(cgroup, resources.Rdma);
        foreach (var (file, value) in resources.Unified ?? new Dictionary<string, string>())
        {
            if (file.Contains('/'))
                throw NaruException.Invalid($"unified resource \"{file}\" must be a file name (no slashes)");
            Write(cgroup, file, file, value);
        }
    }

    /// <summary>v1's cpu.shares (2 to 262144) as v2's weight (1 to 10000).</summary>
    public static ulong WeightOf(ulong shares) => shares == 0 ? 0 : 1 + (Math.Clamp(shares, 2, 262144) - 2) * 9999 / 262142;

    private static void ApplyMemory(Cgroup cgroup, MemoryResources? memory)
    {
        if (memory is null)
            return;
        if (memory.DisableOomKiller == true || memory.Swappiness is not null)
            throw NaruException.Invalid("memory.disableOOMKiller and memory.swappiness need cgroup v1");
        if (memory.CheckBeforeUpdate == true && memory.Limit is { } asked)
            CheckUsage(asked, cgroup.Folders[""], "memory.current", "memory.peak");
        if (SwapOf(memory) is { } swap)
            WriteSwap(cgroup, swap);
        if (memory.Limit is { } limit and not 0)
            Write(cgroup, "memory", "memory.max", Limit(limit));
        if (memory.Reservation is { } reservation and not 0)
            Write(cgroup, "memory", "memory.low", Limit(reservation));
    }

    /// <summary>v1's limit is of memory and swap together, v2's of swap alone.</summary>
    private static string? SwapOf(MemoryResources memory)
    {
        if (memory.Swap is null or 0)
            return memory.Limit == -1 ? "max" : null;
        if (memory.Swap == -1 || memory.Limit is null or 0 or -1)
            return "max";
        if (memory.Swap < memory.Limit)
            throw NaruException.Invalid("memory+swap limit should be >= memory limit");
        return Text(memory.Swap.Value - memory.Limit.Value);
    }

    private static void WriteSwap(Cgroup cgroup, string value)
    {
        // Without swap accounting the file is missing, and no swap or any is all there is.
        if (value is not ("max" or "0") || File.Exists($"{cgroup.Folders[""]}/memory.swap.max"))
            Write(cgroup, "memory", "memory.swap.max", value);
    }

    private static void ApplyCpu(Cgroup cgroup, CpuResources? cpu)
    {
        if (cpu is null)
            return;
        if (cpu.RealtimeRuntime is { } and not 0 || cpu.RealtimePeriod is { } and not 0)
            throw new NaruException(ErrorKind.Unimplemented, "realtime CPU limits do not exist on cgroup v2");
        if (cpu.Shares is { } shares and not 0)
            Write(cgroup, "cpu", "cpu.weight", Text(WeightOf(shares)));
        if (cpu.Quota is { } and not 0 || cpu.Period is { } and not 0)
        {
            var quota = cpu.Quota is > 0 ? Text(cpu.Quota.Value) : "max";
            Write(cgroup, "cpu", "cpu.max", $"{quota} {(cpu.Period is { } period and not 0 ? period : 100000)}");
        }

        if (cpu.Burst is { } burst)
            Write(cgroup, "cpu", "cpu.max.burst", Text(burst));
        if (cpu.Idle is { } idle)
            Write(cgroup, "cpu", "cpu.idle", Text(idle));
        if (cpu.Cpus is { Length: > 0 } cpus)
            Write(cgroup, "cpuset", "cpuset.cpus", cpus);
        if (cpu.Mems is { Length: > 0 } mems)
            Write(cgroup, "cpuset", "cpuset.mems", mems);
    }

    private static void ApplyIo(Cgroup cgroup, BlockIoResources? io)
    {
        if (io is null)
            return;
        if (io.Weight is { } weight and not 0)
        {
            var bfq = File.Exists($"{cgroup.Folders[""]}/io.bfq.weight");
            Write(cgroup, "io", bfq ? "io.bfq.weight" : "io.weight", bfq ? Text((ulong)weight) : Text((ulong)(1 + (weight - 10) * 9999 / 990)));
        }

        if (io.LeafWeight is > 0)
            throw NaruException.Invalid("blockIO.leafWeight needs cgroup v1");
        foreach (var device in io.WeightDevice ?? [])
            Write(cgroup, "io", "io.bfq.weight", $"{device.Major}:{device.Minor} {device.Weight ?? 0}");
        foreach (var (key, devices) in ((string, IReadOnlyList<ThrottleDevice>?)[])[("rbps", io.ThrottleReadBpsDevice), ("wbps", io.ThrottleWriteBpsDevice),
            ("riops", io.ThrottleReadIopsDevice), ("wiops", io.ThrottleWriteIopsDevice)])
        {
            foreach (var device in devices ?? [])
                Write(cgroup, "io", "io.max", $"{device.Major}:{device.Minor} {key}={device.Rate}");
        }
    }

    private static string Limit(long value) => value > 0 ? Text(value) : "max";
}
