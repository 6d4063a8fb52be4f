using System.Text;
using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using static Naru.Runtime.Cgroups.CgroupFiles;

namespace Naru.Runtime.Cgroups;

/// <summary>Writes config.json's resources to the files of v1's controllers.</summary>
internal static class LegacyLimits
{
    /// <param name="devices">With the device rules (an update leaves those alone).</param>
    /// <param name="lenient">Device rules that this user may not set are passed over; root of a user namespace may set none.</param>
    public static void Apply(Cgroup cgroup, Resources resources, bool devices, bool lenient)
    {
        if (resources.Unified is { Count: > 0 })
            throw NaruException.Invalid("invalid configuration: cannot use unified on cgroup v1");
        ApplyCpuset(cgroup, resources.Cpu);
        if (devices)
            ApplyDevices(cgroup, resources.Devices, lenient);
        ApplyMemory(cgroup, resources.Memory);
        ApplyCpu(cgroup, resources.Cpu);
        if (resources.Pids is { Limit: not 0 } pids)
            Write(cgroup, "pids", "pids.max", pids.Limit > 0 ? Text(pids.Limit) : "max");
        LegacyBlockIo.Apply(cgroup, resources.BlockIo);
        foreach (var limit in resources.HugepageLimits ?? [])
        {
            Write(cgroup, "hugetlb", $"hugetlb.{limit.PageSize}.limit_in_bytes", Text(limit.Limit));
            // Reservations count as well, on kernels that can (5.7).
            TryWrite(cgroup, "hugetlb", $"hugetlb.{limit.PageSize}.rsvd.limit_in_bytes", Text(limit.Limit), Errno.ENOENT);
        }

        if (resources.Network?.ClassId is > 0 and var classId)
            Write(cgroup, "net_cls", "net_cls.classid", Text(classId));
        foreach (var priority in resources.Network?.Priorities ?? [])
            Write(cgroup, "net_prio", "net_prio.ifpriomap", $"{priority.Name} {priority.Priority}");
        ApplyRdma(cgroup, resources.Rdma);
    }

    public static void ApplyRdma(Cgroup cgroup, IReadOnlyDictionary<string, RdmaLimit>? limits)
    {
        foreach (var (device, limit) in limits ?? new Dictionary<string, RdmaLimit>())
        {
            var line = new StringBuilder(device);
            if (limit.HcaHandles is { } handles)
                line.Append(" hca_handle=").Append(Text(handles));
            if (limit.HcaObjects is { } objects)
                line.Append(" hca_object=").Append(Text(objects));
            Write(cgroup, "rdma", "rdma.max", line.ToString());
        }
    }

    private static void ApplyDevices(Cgroup cgroup, IReadOnlyList<DeviceRule>? configured, bool lenient)
    {
        if (cgroup.FolderOf("devices") is not { } folder)
            return;
        try
        {
            if (DeviceRules.AllowsAll(configured))
            {
                Files.WriteText($"{folder}/devices.allow", "a");
                return;
            }

            using var allow = Files.Open($"{folder}/devices.allow", OpenFlags.WriteOnly);
            using var deny = Files.Open($"{folder}/devices.deny", OpenFlags.WriteOnly);
            foreach (var rule in DeviceRules.Of(configured))
            {
                var line = DeviceRules.IsAboutAll(rule) ? "a" : $"{rule.Type} {Number(rule.Major)}:{Number(rule.Minor)} {rule.Access}";
                WriteRule(rule.Allow ? allow : deny, line, folder, rule.Allow ? "devices.allow" : "devices.deny");
            }
        }
        catch (LinuxException refused) when (refused.Number is Errno.EPERM or Errno.EACCES && (lenient || LinuxNamespaces.InUserNamespace()))
        {
            // An unprivileged user's devices are those that the host lets him have.
        }
    }

    /// <exception cref="LinuxException">With the file's path and the line.</exception>
    private static void WriteRule(SafeFileHandle file, string line, string folder, string name)
    {
        try
        {
            Files.Write(file, Encoding.ASCII.GetBytes(line));
        }
        catch (LinuxException refused)
        {
            throw new LinuxException(refused.Number, $"failed to write \"{line}\": write", $"{folder}/{name}");
        }
    }

    private static void ApplyMemory(Cgroup cgroup, MemoryResources? memory)
    {
        if (memory is null)
            return;
        WriteMemoryAndSwap(cgroup, memory.Limit ?? 0, memory.Swap ?? 0);
        if (memory.Reservation is { } reservation and not 0)
            Write(cgroup, "memory", "memory.soft_limit_in_bytes", Text(reservation));
        if (memory.DisableOomKiller == true)
            Write(cgroup, "memory", "memory.oom_control", "1");
        // Some callers say -1, as an unsigned number, for «as it is».
        if (memory.Swappiness is { } swappiness and not ulong.MaxValue)
            Write(cgroup, "memory", "memory.swappiness", swappiness <= 100 ? Text(swappiness)
                : throw NaruException.Invalid($"invalid memory swappiness value: {swappiness} (valid range is 0-100)"));
    }

    /// <summary>The kernel holds memory ≤ memory+swap at every step, so a raise writes the sum first, and a cut last.</summary>
    private static void WriteMemoryAndSwap(Cgroup cgroup, long limit, long swap)
    {
        // No limit of memory takes that of both together away as well, where it is counted.
        if (limit == -1 && swap == 0 && Has(cgroup, "memory", "memory.memsw.limit_in_bytes"))
            swap = -1;
        var swapFirst = limit != 0 && swap != 0 && (swap == -1 || CgroupFiles.Number(cgroup, "memory", "memory.limit_in_bytes") < (ulong)swap);
        if (swapFirst)
            WriteSwap(cgroup, swap);
        if (limit != 0)
            WriteMemoryLimit(cgroup, limit);
        if (!swapFirst)
            WriteSwap(cgroup, swap);
    }

    private static void WriteSwap(Cgroup cgroup, long swap)
    {
        if (swap != 0)
            Write(cgroup, "memory", "memory.memsw.limit_in_bytes", Text(swap));
    }

    private static void WriteMemoryLimit(Cgroup cgroup, long limit)
    {
        if (!TryWrite(cgroup, "memory", "memory.limit_in_bytes", Text(limit), Errno.EBUSY))
        {
            throw NaruException.Precondition($"unable to set memory limit to {limit} (current usage: {CgroupFiles.Number(cgroup, "memory", "memory.usage_in_bytes")}, "
                + $"peak usage: {CgroupFiles.Number(cgroup, "memory", "memory.max_usage_in_bytes")})");
        }
    }

    private static void ApplyCpuset(Cgroup cgroup, CpuResources? cpu)
    {
        if (cpu?.Cpus is { Length: > 0 } cpus)
            Write(cgroup, "cpuset", "cpuset.cpus", cpus);
        if (cpu?.Mems is { Length: > 0 } mems)
            Write(cgroup, "cpuset", "cpuset.mems", mems);
    }

    private static void ApplyCpu(Cgroup cgroup, CpuResources? cpu)
    {
        if (cpu is null)
            return;
        if (cpu.Idle is { } idle)
            Write(cgroup, "cpu", "cpu.idle", Text(idle));
        // An idle cgroup has no shares, and takes none.
        if (cpu.Idle != 1 && cpu.Shares is { } shares and not 0)
            WriteShares(cgroup, shares);
        var quota = cpu.Quota ?? 0;
        // Against the quota as it is, the kernel may not take a period or a burst that goes with the one to come.
        var again = quota != 0 ? Errno.EINVAL : 0;
        var period = cpu.Period is { } length and not 0 && !TryWrite(cgroup, "cpu", "cpu.cfs_period_us", Text(length), again);
        var burst = cpu.Burst is { } extra && !TryWrite(cgroup, "cpu", "cpu.cfs_burst_us", Text(extra), again);
        if (quota != 0)
            Write(cgroup, "cpu", "cpu.cfs_quota_us", Text(quota));
        if (period)
            Write(cgroup, "cpu", "cpu.cfs_period_us", Text(cpu.Period!.Value));
        if (burst)
            Write(cgroup, "cpu", "cpu.cfs_burst_us", Text(cpu.Burst!.Value));
        ApplyRealtime(cgroup, cpu);
    }

    private static void ApplyRealtime(Cgroup cgroup, CpuResources cpu)
    {
        var runtime = cpu.RealtimeRuntime ?? 0;
        var period = cpu.RealtimePeriod is { } length and not 0 && !TryWrite(cgroup, "cpu", "cpu.rt_period_us", Text(length), runtime != 0 ? Errno.EINVAL : 0);
        if (runtime != 0)
            Write(cgroup, "cpu", "cpu.rt_runtime_us", Text(runtime));
        if (period)
            Write(cgroup, "cpu", "cpu.rt_period_us", Text(cpu.RealtimePeriod!.Value));
    }

    /// <summary>The kernel takes any number, and keeps it within bounds without a word.</summary>
    private static void WriteShares(Cgroup cgroup, ulong shares)
    {
        Write(cgroup, "cpu", "cpu.shares", Text(shares));
        if (shares is >= 2 and <= 262144)
            return;
        if (CgroupFiles.Number(cgroup, "cpu", "cpu.shares") is { } kept && kept != shares)
            throw NaruException.Invalid(shares > kept ? $"the maximum allowed cpu-shares is {kept}" : $"the minimum allowed cpu-shares is {kept}");
    }

    private static string Number(long? value) => value is null or -1 ? "*" : Text(value.Value);
}
