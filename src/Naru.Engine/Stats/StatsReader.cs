using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Naru.Api;
using Naru.Base.Units;
using Naru.Engine.Containerd;
using Naru.Engine.Containers;
using V1 = Naru.Rpc.CgroupsV1;
using V2 = Naru.Rpc.CgroupsV2;

namespace Naru.Engine.Stats;

/// <summary>Reads what a container uses: its groups by its shim, its interfaces by /proc, the machine's CPU time beside it.</summary>
public sealed class StatsReader(ContainerdClient containerd)
{
    private static readonly ulong MachineMemory = ulong.Parse(File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;

    /// <summary>One reading; one without numbers for a container that does not run.</summary>
    public async Task<ContainerStats> Read(Container container, ContainerStats? before, CancellationToken cancel)
    {
        var stats = new ContainerStats { Name = "/" + container.Name, Id = container.Id };
        if (container.State is not ContainerState.Running running || await containerd.TryMetrics(container.Id, cancel) is not { } metrics)
            return stats;
        stats = metrics.TypeUrl.EndsWith("v2.Metrics", StringComparison.Ordinal) ? Unified(stats, metrics.Value.ToByteArray()) : Controllers(stats, metrics.Value.ToByteArray());
        return stats with
        {
            Read = GoTime.Nano(DateTimeOffset.UtcNow),
            PreRead = before?.Read ?? stats.PreRead,
            Cpu = stats.Cpu with { SystemUsage = SystemTime(), OnlineCpus = (uint)Environment.ProcessorCount },
            PreCpu = before?.Cpu ?? stats.PreCpu,
            Memory = stats.Memory with { Limit = Math.Min(stats.Memory.Limit, MachineMemory) },
            Networks = container.Record.HostConfig.NetworkMode is "host" or "none" ? null : Interfaces(running.Pid),
        };
    }

    private static ContainerStats Controllers(ContainerStats stats, byte[] message)
    {
        var metrics = V1.Metrics.Parser.ParseFrom(message);
        var memory = metrics.Memory ?? new V1.MemoryStat();
        var numbers = new SortedDictionary<string, ulong>(StringComparer.Ordinal)
        {
            ["active_anon"] = memory.ActiveAnon,
            ["active_file"] = memory.ActiveFile,
            ["cache"] = memory.Cache,
            ["dirty"] = memory.Dirty,
            ["hierarchical_memory_limit"] = memory.HierarchicalMemoryLimit,
            ["hierarchical_memsw_limit"] = memory.HierarchicalSwapLimit,
            ["inactive_anon"] = memory.InactiveAnon,
            ["inactive_file"] = memory.InactiveFile,
            ["mapped_file"] = memory.MappedFile,
            ["pgfault"] = memory.PgFault,
            ["pgmajfault"] = memory.PgMajFault,
            ["pgpgin"] = memory.PgPgIn,
            ["pgpgout"] = memory.PgPgOut,
            ["rss"] = memory.Rss,
            ["rss_huge"] = memory.RssHuge,
            ["total_active_anon"] = memory.TotalActiveAnon,
            ["total_active_file"] = memory.TotalActiveFile,
            ["total_cache"] = memory.TotalCache,
            ["total_dirty"] = memory.TotalDirty,
            ["total_inactive_anon"] = memory.TotalInactiveAnon,
            ["total_inactive_file"] = memory.TotalInactiveFile,
            ["total_mapped_file"] = memory.TotalMappedFile,
            ["total_pgfault"] = memory.TotalPgFault,
            ["total_pgmajfault"] = memory.TotalPgMajFault,
            ["total_pgpgin"] = memory.TotalPgPgIn,
            ["total_pgpgout"] = memory.TotalPgPgOut,
            ["total_rss"] = memory.TotalRss,
            ["total_rss_huge"] = memory.TotalRssHuge,
            ["total_unevictable"] = memory.TotalUnevictable,
            ["total_writeback"] = memory.TotalWriteback,
            ["unevictable"] = memory.Unevictable,
            ["writeback"] = memory.Writeback,
        };
        return stats with
        {
            Pids = new PidsStats { Current = metrics.Pids?.Current ?? 0, Limit = NoLimit(metrics.Pids?.Limit ?? 0) },
            Cpu = new CpuStats
            {
                Usage = new CpuUsage { Total = metrics.Cpu?.Usage?.Total ?? 0, Kernel = metrics.Cpu?.Usage?.Kernel ?? 0, User = metrics.Cpu?.Usage?.User ?? 0, PerCpu = metrics.Cpu?.Usage is { } usage ? [.. usage.PerCpu] : null },
                Throttling = new ThrottlingData { Periods = metrics.Cpu?.Throttling?.Periods ?? 0, ThrottledPeriods = metrics.Cpu?.Throttling?.ThrottledPeriods ?? 0, ThrottledTime = metrics.Cpu?.Throttling?.ThrottledTime ?? 0 },
            },
            Memory = new MemoryStats { Usage = memory.Usage?.Usage ?? 0, MaxUsage = memory.Usage?.Max ?? 0, Failures = memory.Usage?.Failcnt ?? 0, Limit = memory.Usage?.Limit ?? 0, Stats = numbers },
            Block = new BlockStats
            {
                ServiceBytes = Entries(metrics.Blkio?.IoServiceBytesRecursive),
                Serviced = Entries(metrics.Blkio?.IoServicedRecursive),
                Queue = [],
                ServiceTime = [],
                WaitTime = [],
                Merged = [],
                Time = [],
                Sectors = [],
            },
        };
    }

    private static ContainerStats Unified(ContainerStats stats, byte[] message)
    {
        var metrics = V2.Metrics.Parser.ParseFrom(message);
        var memory = metrics.Memory ?? new V2.MemoryStat();
        var numbers = new SortedDictionary<string, ulong>(StringComparer.Ordinal)
        {
            ["active_anon"] = memory.ActiveAnon,
            ["active_file"] = memory.ActiveFile,
            ["anon"] = memory.Anon,
            ["anon_thp"] = memory.AnonThp,
            ["file"] = memory.File,
            ["file_dirty"] = memory.FileDirty,
            ["file_mapped"] = memory.FileMapped,
            ["file_writeback"] = memory.FileWriteback,
            ["inactive_anon"] = memory.InactiveAnon,
            ["inactive_file"] = memory.InactiveFile,
            ["kernel_stack"] = memory.KernelStack,
            ["pgfault"] = memory.Pgfault,
            ["pgmajfault"] = memory.Pgmajfault,
            ["shmem"] = memory.Shmem,
            ["slab"] = memory.Slab,
            ["slab_reclaimable"] = memory.SlabReclaimable,
            ["slab_unreclaimable"] = memory.SlabUnreclaimable,
            ["sock"] = memory.Sock,
            ["unevictable"] = memory.Unevictable,
        };
        return stats with
        {
            Pids = new PidsStats { Current = metrics.Pids?.Current ?? 0, Limit = NoLimit(metrics.Pids?.Limit ?? 0) },
            Cpu = new CpuStats
            {
                Usage = new CpuUsage { Total = (metrics.Cpu?.UsageUsec ?? 0) * 1000, Kernel = (metrics.Cpu?.SystemUsec ?? 0) * 1000, User = (metrics.Cpu?.UserUsec ?? 0) * 1000 },
                Throttling = new ThrottlingData { Periods = metrics.Cpu?.NrPeriods ?? 0, ThrottledPeriods = metrics.Cpu?.NrThrottled ?? 0, ThrottledTime = (metrics.Cpu?.ThrottledUsec ?? 0) * 1000 },
            },
            Memory = new MemoryStats { Usage = memory.Usage, Failures = metrics.MemoryEvents?.Oom ?? 0, Limit = memory.UsageLimit, Stats = numbers },
            Block = new BlockStats
            {
                ServiceBytes = [.. (metrics.Io?.Usage ?? []).SelectMany(entry => (BlockEntry[])[new() { Major = entry.Major, Minor = entry.Minor, Op = "read", Value = entry.Rbytes }, new() { Major = entry.Major, Minor = entry.Minor, Op = "write", Value = entry.Wbytes }])],
            },
        };
    }

    private static IReadOnlyList<BlockEntry> Entries(IEnumerable<V1.BlkIOEntry>? entries) =>
        [.. (entries ?? []).Select(entry => new BlockEntry { Major = entry.Major, Minor = entry.Minor, Op = entry.Op.ToLowerInvariant(), Value = entry.Value })];

    private static ulong NoLimit(ulong limit) => limit == 0 ? ulong.MaxValue : limit;

    /// <summary>All CPUs' time but what was spent waiting for devices and by guests, as Docker adds it up; the kernel counts in hundredths of a second.</summary>
    private static ulong SystemTime()
    {
        ulong total = 0;
        foreach (var word in File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(7))
            total += ulong.Parse(word, CultureInfo.InvariantCulture);
        return total * 10_000_000;
    }

    /// <summary>/proc/PID/net/dev: two lines of titles, then NAME: sixteen numbers.</summary>
    private static SortedDictionary<string, InterfaceStats>? Interfaces(int pid)
    {
        var result = new SortedDictionary<string, InterfaceStats>(StringComparer.Ordinal);
        string[] lines;
        try
        {
            lines = File.ReadAllLines($"/proc/{pid}/net/dev");
        }
        catch (IOException)
        {
            return null;
        }

        foreach (var line in lines.Skip(2))
        {
            var colon = line.IndexOf(':');
            if (colon < 0 || line[..colon].Trim() is var name && name == "lo")
                continue;
            var n = Array.ConvertAll(line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries), word => ulong.Parse(word, CultureInfo.InvariantCulture));
            result[name] = new InterfaceStats { ReceivedBytes = n[0], ReceivedPackets = n[1], ReceiveErrors = n[2], ReceiveDropped = n[3], SentBytes = n[8], SentPackets = n[9], SendErrors = n[10], SendDropped = n[11] };
        }

        return result.Count > 0 ? result : null;
    }
}
