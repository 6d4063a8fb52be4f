using System.Globalization;
using Naru.Api;
using Naru.Base;
using Naru.Linux;

namespace Naru.Engine.Containers;

/// <summary>Limits that are asked for: refused where they make no sense, left out with a warning where this kernel has no such limit.</summary>
public static class ResourceChecks
{
    private const long LeastMemory = 6 * 1024 * 1024;
    private static readonly Cgroup Groups = Cgroup.At(CgroupMounts.Discover(), "");

    /// <exception cref="NaruException">InvalidArgument, in Docker's words.</exception>
    public static (HostConfig Host, IReadOnlyList<string> Warnings) Limits(HostConfig host, bool update)
    {
        List<string> warnings = [];
        if (host.BlkioWeight > 0 && !Has("blkio", "blkio.weight", "io.weight"))
        {
            warnings.Add("Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight discarded.");
            host = host with { BlkioWeight = 0 };
        }

        if (host.BlkioWeightDevice is { Count: > 0 } && !Has("blkio", "blkio.weight_device", "io.weight"))
        {
            warnings.Add("Your kernel does not support Block I/O weight_device or the cgroup is not mounted. Weight-device discarded.");
            host = host with { BlkioWeightDevice = [] };
        }

        if (host.Memory > 0 && host.MemorySwap != -1 && !Has("memory", "memory.memsw.limit_in_bytes", "memory.swap.max"))
        {
            warnings.Add("Your kernel does not support swap limit capabilities or the cgroup is not mounted. Memory limited without swap.");
            host = host with { MemorySwap = -1 };
        }

        if (host.KernelMemory > 0)
            throw NaruException.Invalid("kernel memory limits are not supported any more: the kernel has dropped them");
        Check(host, update);
        if (host.OomKillDisable == true && host.Memory == 0)
            warnings.Add("OOM killer is disabled for the container, but no memory limit is set, this can result in the system running out of resources.");
        return (host, warnings);
    }

    /// <summary>Whether a limit's file is there, by its name on v1 or on v2; v2 has none in its root, so what the kernel is known to have counts.</summary>
    private static bool Has(string controller, string file, string unified) =>
        Groups.IsUnified ? unified.Length > 0 : Groups.FolderOf(controller) is { } folder && File.Exists(Path.Combine(folder, file));

    private static void Check(HostConfig host, bool update)
    {
        if (host.Memory != 0 && host.Memory < LeastMemory)
            throw NaruException.Invalid("Minimum memory limit allowed is 6MB");
        if (host.Memory > 0 && host.MemorySwap > 0 && host.MemorySwap < host.Memory)
            throw NaruException.Invalid("Minimum memoryswap limit should be larger than memory limit, see usage");
        if (!update && host.Memory == 0 && host.MemorySwap > 0)
            throw NaruException.Invalid("You should always set the Memory limit when using Memoryswap limit, see usage");
        if (host.MemorySwappiness is < 0 or > 100)
            throw NaruException.Invalid($"Invalid value: {host.MemorySwappiness}, valid memory swappiness range is 0-100");
        if (host.MemoryReservation != 0 && host.MemoryReservation < LeastMemory)
            throw NaruException.Invalid("Minimum memory reservation allowed is 6MB");
        if (host.Memory > 0 && host.MemoryReservation > host.Memory)
            throw NaruException.Invalid("Minimum memory limit can not be less than memory reservation limit, see usage");
        if (host.NanoCpus > 0 && host.CpuPeriod > 0)
            throw NaruException.Invalid("Conflicting options: Nano CPUs and CPU Period cannot both be set");
        if (host.NanoCpus > 0 && host.CpuQuota > 0)
            throw NaruException.Invalid("Conflicting options: Nano CPUs and CPU Quota cannot both be set");
        if (host.NanoCpus != 0 && (host.NanoCpus < 10_000_000 || host.NanoCpus > Environment.ProcessorCount * 1_000_000_000L))
            throw NaruException.Invalid(string.Create(CultureInfo.InvariantCulture, $"range of CPUs is from 0.01 to {Environment.ProcessorCount}.00, as there are only {Environment.ProcessorCount} CPUs available"));
        if (host.CpuPeriod != 0 && host.CpuPeriod is < 1000 or > 1_000_000)
            throw NaruException.Invalid("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
        if (host.CpuQuota is > 0 and < 1000)
            throw NaruException.Invalid("CPU cfs quota can not be less than 1ms (i.e. 1000)");
        if (host.CpuShares < 0)
            throw NaruException.Invalid($"invalid CPU shares ({host.CpuShares}): value must be a positive integer");
        if (host.BlkioWeight is not 0 and (< 10 or > 1000))
            throw NaruException.Invalid("Range of blkio weight is from 10 to 1000");
        if (host.OomScoreAdj is < -1000 or > 1000)
            throw NaruException.Invalid($"Invalid value {host.OomScoreAdj}, range for oom score adj is [-1000, 1000]");
        if (host.ShmSize < 0)
            throw NaruException.Invalid("SHM size can not be less than 0");
        CheckCpuset(host.CpusetCpus, "cpus", Environment.ProcessorCount);
        CheckCpuset(host.CpusetMems, "memory nodes", 1);
    }

    /// <summary>A list such as 0-2,7; ranges are compared as numbers, never expanded (CVE-2018-20699).</summary>
    private static void CheckCpuset(string text, string what, int available)
    {
        if (text.Length == 0)
            return;
        var field = what == "cpus" ? "cpuset cpus" : "cpuset mems";
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !ends.All(end => int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
                throw NaruException.Invalid($"Invalid value {text} for {field}: invalid format: {part}");
            var first = int.Parse(ends[0], CultureInfo.InvariantCulture);
            var last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            if (last < first)
                throw NaruException.Invalid($"Invalid value {text} for {field}: invalid format: {part}");
            if (last >= available)
                throw NaruException.Invalid($"Requested {(what == "cpus" ? "CPUs" : "memory nodes")} are not available - requested {text}, available: {(available > 1 ? $"0-{available - 1}" : "0")}");
        }
    }
}
