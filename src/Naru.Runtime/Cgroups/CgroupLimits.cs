using System.Globalization;
using System.Text;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;

namespace Naru.Runtime.Cgroups;

/// <summary>Writes config.json's resources to a cgroup: v1's files or v2's.</summary>
internal static class CgroupLimits
{
    /// <summary>Limits, and with <paramref name="devices"/> the device rules too (an update leaves those alone).</summary>
    /// <exception cref="NaruException">A limit that the kernel refuses, by its file.</exception>
    public static void Apply(Cgroup cgroup, Resources? resources, bool devices)
    {
        if (resources is null)
            return;
        try
        {
            if (cgroup.IsUnified)
                UnifiedLimits.Apply(cgroup, resources, devices);
            else
                ApplyVersion1(cgroup, resources, devices);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.Internal, devices ? $"error setting cgroup config for procHooks process: {failure.Message}" : failure.Message, failure);
        }
    }

    private static void ApplyVersion1(Cgroup cgroup, Resources resources, bool devices)
    {
        if (resources.Unified is { Count: > 0 })
            throw NaruException.Invalid("invalid configuration: cannot use unified on cgroup v1");
        if (devices)
            ApplyDevices(cgroup, resources.Devices);
        ApplyMemory(cgroup, resources.Memory);
        ApplyCpu(cgroup, resources.Cpu);
        if (resources.Pids is { Limit: not 0 } pids)
            Write(cgroup, "pids", "pids.max", pids.Limit > 0 ? Text(pids.Limit) : "max");
        ApplyBlockIo(cgroup, resources.BlockIo);
        foreach (var limit in resources.HugepageLimits ?? [])
            Write(cgroup, "hugetlb", $"hugetlb.{limit.PageSize}.limit_in_bytes", Text(limit.Limit));
        if (resources.Network?.ClassId is > 0 and var classId)
            Write(cgroup, "net_cls", "net_cls.classid", Text(classId));
        foreach (var priority in resources.Network?.Priorities ?? [])
            Write(cgroup, "net_prio", "net_prio.ifpriomap", $"{priority.Name} {priority.Priority}");
        ApplyRdma(cgroup, resources.Rdma);
    }

    private static void ApplyDevices(Cgroup cgroup, IReadOnlyList<DeviceRule>? configured)
    {
        if (configured is not { Count: > 0 } || cgroup.FolderOf("devices") is not { } folder)
            return;
        if (DeviceRules.AllowsAll(configured))
        {
            Write(cgroup, "devices", "devices.allow", "a");
            return;
        }

        using var allow = Files.Open($"{folder}/devices.allow", OpenFlags.WriteOnly);
        using var deny = Files.Open($"{folder}/devices.deny", OpenFlags.WriteOnly);
        foreach (var rule in DeviceRules.Of(configured))
        {
            var line = DeviceRules.IsAboutAll(rule) ? "a"
                : $"{(string.IsNullOrEmpty(rule.Type) ? "a" : rule.Type)} {Number(rule.Major)}:{Number(rule.Minor)} {(string.IsNullOrEmpty(rule.Access) ? "rwm" : rule.Access)}";
            Files.Write(rule.Allow ? allow : deny, Encoding.ASCII.GetBytes(line));
        }
    }

    private static void ApplyMemory(Cgroup cgroup, MemoryResources? memory)
    {
        if (memory is null)
            return;
        if (memory.CheckBeforeUpdate == true && memory.Limit is { } asked)
            CheckUsage(asked, cgroup.FolderOf("memory") ?? "", "memory.usage_in_bytes", "memory.max_usage_in_bytes");
        WriteMemoryAndSwap(cgroup, memory.Limit, memory.Swap);
        if (memory.Reservation is { } reservation and not 0)
            Write(cgroup, "memory", "memory.soft_limit_in_bytes", Text(reservation));
        if (memory.DisableOomKiller == true)
            Write(cgroup, "memory", "memory.oom_control", "1");
        if (memory.Swappiness is > 100)
            throw NaruException.Invalid($"invalid memory swappiness value: {memory.Swappiness} (valid range is 0-100)");
        if (memory.Swappiness is { } swappiness)
            Write(cgroup, "memory", "memory.swappiness", Text(swappiness));
    }

    internal static void ApplyRdma(Cgroup cgroup, IReadOnlyDictionary<string, RdmaLimit>? limits)
    {
        foreach (var (device, limit) in limits ?? new Dictionary<string, RdmaLimit>())
        {
            var handles = limit.HcaHandles is { } count ? Text(count) : "max";
            var objects = limit.HcaObjects is { } number ? Text(number) : "max";
            Write(cgroup, "rdma", "rdma.max", $"{device} hca_handle={handles} hca_object={objects}");
        }
    }

    /// <summary>checkBeforeUpdate: v2 would kill the container's processes for a limit below what they use, v1 says EBUSY.</summary>
    internal static void CheckUsage(long limit, string folder, string usageFile, string peakFile)
    {
        static ulong Value(string path) => ulong.TryParse((Files.TryReadText(path) ?? "").Trim(), out var number) ? number : 0;
        var usage = Value($"{folder}/{usageFile}");
        if (limit > 0 && (ulong)limit < usage)
            throw NaruException.Precondition($"unable to set memory limit to {limit} (current usage: {usage}, peak usage: {Value($"{folder}/{peakFile}")})");
    }

    /// <summary>The kernel holds memory ≤ memory+swap at every step, so a raise writes the sum first.</summary>
    private static void WriteMemoryAndSwap(Cgroup cgroup, long? limit, long? swap)
    {
        if (limit == -1 && swap is null or 0)
            swap = -1;
        var hasSwap = cgroup.FolderOf("memory") is { } folder && File.Exists($"{folder}/memory.memsw.limit_in_bytes");
        var swapFirst = false;
        if (hasSwap && swap is not (null or 0))
        {
            var current = ulong.Parse(Files.TryReadText($"{cgroup.FolderOf("memory")}/memory.limit_in_bytes")!.Trim(), CultureInfo.InvariantCulture);
            swapFirst = swap == -1 || current < (ulong)swap.Value;
        }

        if (swapFirst)
            Write(cgroup, "memory", "memory.memsw.limit_in_bytes", Text(swap!.Value));
        if (limit is { } bytes and not 0)
            WriteMemoryLimit(cgroup, bytes);
        if (hasSwap && !swapFirst && swap is { } sum and not 0)
            Write(cgroup, "memory", "memory.memsw.limit_in_bytes", Text(sum));
    }

    private static void WriteMemoryLimit(Cgroup cgroup, long limit)
    {
        try
        {
            Write(cgroup, "memory", "memory.limit_in_bytes", Text(limit));
        }
        catch (LinuxException busy) when (busy.Number == Errno.EBUSY)
        {
            CheckUsage(limit, cgroup.FolderOf("memory")!, "memory.usage_in_bytes", "memory.max_usage_in_bytes");
            throw;
        }
    }

    private static void ApplyCpu(Cgroup cgroup, CpuResources? cpu)
    {
        if (cpu is null)
            return;
        if (cpu.Shares is { } shares and not 0)
            Write(cgroup, "cpu", "cpu.shares", Text(shares));
        if (cpu.Period is { } period and not 0)
            Write(cgroup, "cpu", "cpu.cfs_period_us", Text(period));
        if (cpu.Quota is { } quota and not 0)
            Write(cgroup, "cpu", "cpu.cfs_quota_us", Text(quota));
        if (cpu.Burst is { } burst)
            Write(cgroup, "cpu", "cpu.cfs_burst_us", Text(burst));
        if (cpu.RealtimePeriod is { } realtimePeriod and not 0)
            Write(cgroup, "cpu", "cpu.rt_period_us", Text(realtimePeriod));
        if (cpu.RealtimeRuntime is { } realtimeRuntime and not 0)
            Write(cgroup, "cpu", "cpu.rt_runtime_us", Text(realtimeRuntime));
        if (cpu.Idle is { } idle)
            Write(cgroup, "cpu", "cpu.idle", Text(idle));
        if (cpu.Cpus is { Length: > 0 } cpus)
            Write(cgroup, "cpuset", "cpuset.cpus", cpus);
        if (cpu.Mems is { Length: > 0 } mems)
            Write(cgroup, "cpuset", "cpuset.mems", mems);
    }

    private static void ApplyBlockIo(Cgroup cgroup, BlockIoResources? io)
    {
        if (io is null)
            return;
        if (io.Weight is { } weight and not 0)
            Write(cgroup, "blkio", File.Exists($"{cgroup.FolderOf("blkio")}/blkio.weight") ? "blkio.weight" : "blkio.bfq.weight", Text(weight));
        foreach (var device in io.WeightDevice ?? [])
        {
            if (device.Weight is { } own)
                Write(cgroup, "blkio", "blkio.weight_device", $"{device.Major}:{device.Minor} {own}");
            if (device.LeafWeight is { } leaf)
                Write(cgroup, "blkio", "blkio.leaf_weight_device", $"{device.Major}:{device.Minor} {leaf}");
        }

        if (io.LeafWeight is { } leafWeight and not 0)
            Write(cgroup, "blkio", "blkio.leaf_weight", Text((ulong)leafWeight));
        foreach (var (file, devices) in ((string, IReadOnlyList<ThrottleDevice>?)[])[("read_bps_device", io.ThrottleReadBpsDevice),
            ("write_bps_device", io.ThrottleWriteBpsDevice), ("read_iops_device", io.ThrottleReadIopsDevice), ("write_iops_device", io.ThrottleWriteIopsDevice)])
        {
            foreach (var device in devices ?? [])
                Write(cgroup, "blkio", $"blkio.throttle.{file}", $"{device.Major}:{device.Minor} {device.Rate}");
        }
    }

    internal static void Write(Cgroup cgroup, string controller, string file, string value)
    {
        var folder = cgroup.FolderOf(controller) ?? throw NaruException.Precondition($"cannot set {controller} limit: container could not join or create cgroup");
        try
        {
            Files.WriteText($"{folder}/{file}", value);
        }
        catch (LinuxException missing) when (missing.Number == Errno.ENOENT && cgroup.IsUnified)
        {
            throw new NaruException(ErrorKind.FailedPrecondition, $"cannot set {controller} limit: container could not join or create cgroup", missing);
        }
        catch (LinuxException failure) when (failure.Number is Errno.EINVAL or Errno.ERANGE or Errno.ENOENT)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"failed to write \"{value}\": {failure.Message}", failure);
        }
    }

    internal static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    internal static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(long? value) => value is null or -1 ? "*" : Text(value.Value);
}
