using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using static Naru.Runtime.Cgroups.CgroupFiles;

namespace Naru.Runtime.Cgroups;

/// <summary>Writes config.json's resources to the unified hierarchy's files; v1's terms are translated as runc translates them.</summary>
internal static class UnifiedLimits
{
    public static void Apply(Cgroup cgroup, Resources resources)
    {
        if (resources.Pids is { Limit: not 0 } pids)
            Write(cgroup, "pids", "pids.max", Limit(pids.Limit));
        ApplyMemory(cgroup, resources.Memory);
        ApplyIo(cgroup, resources.BlockIo);
        ApplyCpu(cgroup, resources.Cpu);
        foreach (var limit in resources.HugepageLimits ?? [])
        {
            Write(cgroup, "hugetlb", $"hugetlb.{limit.PageSize}.max", Text(limit.Limit));
            // Reservations count as well, on kernels that can (5.7).
            TryWrite(cgroup, "hugetlb", $"hugetlb.{limit.PageSize}.rsvd.max", Text(limit.Limit), Errno.ENOENT);
        }

        LegacyLimits.ApplyRdma(cgroup, resources.Rdma);
        foreach (var (file, value) in resources.Unified ?? new Dictionary<string, string>())
            WriteUnified(cgroup, file, value);
    }

    /// <summary>checkBeforeUpdate: the kernel would kill the container's processes for a limit below what they use.</summary>
    /// <exception cref="NaruException">FailedPrecondition</exception>
    public static void CheckUsage(Cgroup cgroup, MemoryResources? memory)
    {
        if (memory?.CheckBeforeUpdate != true || CgroupFiles.Number(cgroup, "memory", "memory.current") is not { } usage)
            return;
        if (memory.Swap is > 0 and var swap && (ulong)swap <= usage)
            throw NaruException.Precondition($"rejecting memory+swap limit {swap} <= usage {usage}");
        if (memory.Limit is > 0 and var limit && (ulong)limit <= usage)
            throw NaruException.Precondition($"rejecting memory limit {limit} <= usage {usage}");
    }

    /// <summary>What is v1's alone, and asked of v2.</summary>
    /// <exception cref="NaruException">InvalidArgument, Unimplemented</exception>
    public static void Check(Resources? resources)
    {
        if (resources?.Memory is { } memory && (memory.DisableOomKiller == true || memory.Swappiness is not (null or ulong.MaxValue)))
            throw NaruException.Invalid("memory.disableOOMKiller and memory.swappiness need cgroup v1");
        if (resources?.Cpu is { } cpu && (cpu.RealtimeRuntime is { } and not 0 || cpu.RealtimePeriod is { } and not 0))
            throw new NaruException(ErrorKind.Unimplemented, "realtime CPU limits do not exist on cgroup v2");
        if (resources?.BlockIo is { } io && (io.LeafWeight is > 0 || io.WeightDevice?.Any(device => device.LeafWeight is > 0) == true))
            throw NaruException.Invalid("blockIO.leafWeight needs cgroup v1");
        if (resources?.Network is { } network && (network.ClassId is > 0 || network.Priorities is { Count: > 0 }))
            throw NaruException.Invalid("linux.resources.network needs cgroup v1");
        if (resources?.Unified?.Keys.FirstOrDefault(key => key.Contains('/')) is { } file)
            throw NaruException.Invalid($"unified resource \"{file}\" must be a file name (no slashes)");
        _ = UnifiedValues.SwapOf(resources?.Memory);
    }

    private static void ApplyMemory(Cgroup cgroup, MemoryResources? memory)
    {
        if (memory is null)
            return;
        CheckUsage(cgroup, memory);
        if (UnifiedValues.SwapOf(memory) is { } swap)
        {
            // Without swap accounting the file is missing, and no swap or any is all there is.
            if (swap is "max" or "0")
                TryWrite(cgroup, "memory", "memory.swap.max", swap, Errno.ENOENT);
            else
                Write(cgroup, "memory", "memory.swap.max", swap);
        }

        if (memory.Limit is { } limit and not 0)
            Write(cgroup, "memory", "memory.max", Limit(limit));
        if (memory.Reservation is { } reservation and not 0)
            Write(cgroup, "memory", "memory.low", Limit(reservation));
    }

    private static void ApplyCpu(Cgroup cgroup, CpuResources? cpu)
    {
        if (cpu is null)
            return;
        if (cpu.Idle is { } idle)
            Write(cgroup, "cpu", "cpu.idle", Text(idle));
        // An idle cgroup has no weight, and takes none.
        if (cpu.Idle != 1 && cpu.Shares is { } shares and not 0)
            Write(cgroup, "cpu", "cpu.weight", Text(UnifiedValues.WeightOf(shares)));
        var quota = cpu.Quota is { } and not 0 || cpu.Period is { } and not 0;
        // Against the quota as it is, the kernel may not take a burst that goes with the one to come.
        var burst = cpu.Burst is { } extra && !TryWrite(cgroup, "cpu", "cpu.max.burst", Text(extra), quota ? Errno.EINVAL : 0);
        if (quota)
            Write(cgroup, "cpu", "cpu.max", UnifiedValues.MaximumOf(cpu));
        if (burst)
            Write(cgroup, "cpu", "cpu.max.burst", Text(cpu.Burst!.Value));
        if (cpu.Cpus is { Length: > 0 } cpus)
            Write(cgroup, "cpuset", "cpuset.cpus", cpus);
        if (cpu.Mems is { Length: > 0 } mems)
            Write(cgroup, "cpuset", "cpuset.mems", mems);
    }

    private static void ApplyIo(Cgroup cgroup, BlockIoResources? io)
    {
        if (io is null)
            return;
        if (io.Weight is { } weight and not 0 && !TryWrite(cgroup, "io", "io.bfq.weight", Text((ulong)weight), Errno.ENOENT))
            Write(cgroup, "io", "io.weight", Text(UnifiedValues.IoWeightOf(weight)));
        foreach (var device in io.WeightDevice ?? [])
        {
            if (device.Weight is { } own and not 0)
                Write(cgroup, "io", "io.bfq.weight", $"{device.Major}:{device.Minor} {own}");
        }

        Throttle(cgroup, "rbps", io.ThrottleReadBpsDevice);
        Throttle(cgroup, "wbps", io.ThrottleWriteBpsDevice);
        Throttle(cgroup, "riops", io.ThrottleReadIopsDevice);
        Throttle(cgroup, "wiops", io.ThrottleWriteIopsDevice);
    }

    private static void Throttle(Cgroup cgroup, string key, IReadOnlyList<ThrottleDevice>? devices)
    {
        foreach (var device in devices ?? [])
            Write(cgroup, "io", "io.max", $"{device.Major}:{device.Minor} {key}={device.Rate}");
    }

    private static void WriteUnified(Cgroup cgroup, string file, string value)
    {
        var folder = cgroup.FolderOf(file) ?? throw NaruException.Precondition($"unable to set unified resource \"{file}\": the container has no cgroup");
        try
        {
            // A file such as io.max takes one line a write.
            foreach (var line in value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                Files.WriteText($"{folder}/{file}", line);
        }
        catch (LinuxException failure)
        {
            throw Explain(folder, file, value, failure);
        }
    }

    private static NaruException Explain(string folder, string file, string value, LinuxException failure)
    {
        if (failure.Number is Errno.EPERM or Errno.EACCES or Errno.ENOENT)
        {
            if (!file.Contains('.'))
                return NaruException.Invalid($"unified resource \"{file}\" must be in the form CONTROLLER.PARAMETER");
            var controller = file[..file.IndexOf('.')];
            if (controller != "cgroup" && !(Files.TryReadText($"{folder}/cgroup.controllers") ?? "").Trim().Split(' ').Contains(controller))
                return new NaruException(ErrorKind.FailedPrecondition, $"unified resource \"{file}\" can't be set: controller \"{controller}\" not available", failure);
        }

        return new NaruException(ErrorKind.InvalidArgument, failure.Number == Errno.ENOENT ? $"unable to set unified resource \"{file}\": {failure.Message}"
            : $"unable to set unified resource \"{file}\": failed to write \"{value}\": {failure.Message}", failure);
    }

    private static string Limit(long value) => value > 0 ? Text(value) : "max";
}
