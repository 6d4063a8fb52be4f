using System.Globalization;
using V1 = Naru.Rpc.CgroupsV1;
using V2 = Naru.Rpc.CgroupsV2;

namespace Naru.Shim.Cgroups;

/// <summary>A task's numbers as containerd's clients read them: io.containerd.cgroups.v1.Metrics or v2.Metrics.</summary>
internal static class CgroupStats
{
    public static Any Read(TaskCgroup cgroup) => cgroup.Unified is { } folder
        ? new Any { TypeUrl = "io.containerd.cgroups.v2.Metrics", Value = ReadUnified(folder).ToByteString() }
        : new Any { TypeUrl = "io.containerd.cgroups.v1.Metrics", Value = ReadControllers(cgroup).ToByteString() };

    private static V2.Metrics ReadUnified(string folder)
    {
        var cpu = CgroupFile.Pairs(folder, "cpu.stat");
        var events = CgroupFile.Pairs(folder, "memory.events");
        var metrics = new V2.Metrics
        {
            Pids = new V2.PidsStat { Current = CgroupFile.Number(folder, "pids.current"), Limit = Limit(CgroupFile.Number(folder, "pids.max")) },
            Cpu = new V2.CPUStat
            {
                UsageUsec = cpu.GetValueOrDefault("usage_usec"),
                UserUsec = cpu.GetValueOrDefault("user_usec"),
                SystemUsec = cpu.GetValueOrDefault("system_usec"),
                NrPeriods = cpu.GetValueOrDefault("nr_periods"),
                NrThrottled = cpu.GetValueOrDefault("nr_throttled"),
                ThrottledUsec = cpu.GetValueOrDefault("throttled_usec"),
            },
            Memory = UnifiedMemory(folder),
            MemoryEvents = new V2.MemoryEvents
            {
                Low = events.GetValueOrDefault("low"),
                High = events.GetValueOrDefault("high"),
                Max = events.GetValueOrDefault("max"),
                Oom = events.GetValueOrDefault("oom"),
                OomKill = events.GetValueOrDefault("oom_kill"),
            },
            Io = new V2.IOStat(),
        };
        foreach (var line in CgroupFile.Lines(Path.Combine(folder, "io.stat")))
            metrics.Io.Usage.Add(UnifiedIo(line));
        return metrics;
    }

    private static V2.MemoryStat UnifiedMemory(string folder)
    {
        var stat = CgroupFile.Pairs(folder, "memory.stat");
        return new V2.MemoryStat
        {
            Anon = stat.GetValueOrDefault("anon"),
            File = stat.GetValueOrDefault("file"),
            KernelStack = stat.GetValueOrDefault("kernel_stack"),
            Slab = stat.GetValueOrDefault("slab"),
            Sock = stat.GetValueOrDefault("sock"),
            Shmem = stat.GetValueOrDefault("shmem"),
            FileMapped = stat.GetValueOrDefault("file_mapped"),
            FileDirty = stat.GetValueOrDefault("file_dirty"),
            FileWriteback = stat.GetValueOrDefault("file_writeback"),
            AnonThp = stat.GetValueOrDefault("anon_thp"),
            InactiveAnon = stat.GetValueOrDefault("inactive_anon"),
            ActiveAnon = stat.GetValueOrDefault("active_anon"),
            InactiveFile = stat.GetValueOrDefault("inactive_file"),
            ActiveFile = stat.GetValueOrDefault("active_file"),
            Unevictable = stat.GetValueOrDefault("unevictable"),
            SlabReclaimable = stat.GetValueOrDefault("slab_reclaimable"),
            SlabUnreclaimable = stat.GetValueOrDefault("slab_unreclaimable"),
            Pgfault = stat.GetValueOrDefault("pgfault"),
            Pgmajfault = stat.GetValueOrDefault("pgmajfault"),
            Usage = CgroupFile.Number(folder, "memory.current"),
            UsageLimit = CgroupFile.Number(folder, "memory.max"),
            MaxUsage = CgroupFile.Number(folder, "memory.peak"),
            SwapUsage = CgroupFile.Number(folder, "memory.swap.current"),
            SwapLimit = CgroupFile.Number(folder, "memory.swap.max"),
        };
    }

    // 8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6
    private static V2.IOEntry UnifiedIo(string line)
    {
        var words = line.Split(' ');
        var (major, minor) = Device(words[0]);
        var entry = new V2.IOEntry { Major = major, Minor = minor };
        foreach (var word in words.AsSpan(1))
        {
            if (word.Split('=') is not [var key, var value])
                continue;
            var number = CgroupFile.Parse(value);
            switch (key)
            {
                case "rbytes": entry.Rbytes = number; break;
                case "wbytes": entry.Wbytes = number; break;
                case "rios": entry.Rios = number; break;
                case "wios": entry.Wios = number; break;
            }
        }
        return entry;
    }

    private static V1.Metrics ReadControllers(TaskCgroup cgroup)
    {
        var metrics = new V1.Metrics();
        if (cgroup.Controller("pids") is { } pids)
            metrics.Pids = new V1.PidsStat { Current = CgroupFile.Number(pids, "pids.current"), Limit = Limit(CgroupFile.Number(pids, "pids.max")) };
        if (cgroup.Controller("cpuacct") is { } accounting)
            metrics.Cpu = ControllerCpu(accounting, cgroup.Controller("cpu"));
        if (cgroup.Controller("memory") is { } memory)
        {
            metrics.Memory = ControllerMemory(memory);
            var oom = CgroupFile.Pairs(memory, "memory.oom_control");
            metrics.MemoryOomControl = new V1.MemoryOomControl
            {
                OomKillDisable = oom.GetValueOrDefault("oom_kill_disable"),
                UnderOom = oom.GetValueOrDefault("under_oom"),
                OomKill = oom.GetValueOrDefault("oom_kill"),
            };
        }
        if (cgroup.Controller("blkio") is { } block)
        {
            metrics.Blkio = new V1.BlkIOStat();
            metrics.Blkio.IoServiceBytesRecursive.Add(ControllerIo(block, "io_service_bytes_recursive", "throttle.io_service_bytes"));
            metrics.Blkio.IoServicedRecursive.Add(ControllerIo(block, "io_serviced_recursive", "throttle.io_serviced"));
        }
        return metrics;
    }

    private static V1.CPUStat ControllerCpu(string accounting, string? cpu)
    {
        // cpuacct.stat is in ticks, of which Linux shows 100 a second to everybody.
        const ulong nanosecondsPerTick = 10_000_000;
        var ticks = CgroupFile.Pairs(accounting, "cpuacct.stat");
        var throttle = cpu is null ? [] : CgroupFile.Pairs(cpu, "cpu.stat");
        var stat = new V1.CPUStat
        {
            Usage = new V1.CPUUsage
            {
                Total = CgroupFile.Number(accounting, "cpuacct.usage"),
                User = ticks.GetValueOrDefault("user") * nanosecondsPerTick,
                Kernel = ticks.GetValueOrDefault("system") * nanosecondsPerTick,
            },
            Throttling = new V1.Throttle
            {
                Periods = throttle.GetValueOrDefault("nr_periods"),
                ThrottledPeriods = throttle.GetValueOrDefault("nr_throttled"),
                ThrottledTime = throttle.GetValueOrDefault("throttled_time"),
            },
        };
        if (CgroupFile.Lines(Path.Combine(accounting, "cpuacct.usage_percpu")) is [var line, ..])
            stat.Usage.PerCpu.Add(line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(CgroupFile.Parse));
        return stat;
    }

    private static V1.MemoryStat ControllerMemory(string folder)
    {
        var stat = CgroupFile.Pairs(folder, "memory.stat");
        return new V1.MemoryStat
        {
            Cache = stat.GetValueOrDefault("cache"),
            Rss = stat.GetValueOrDefault("rss"),
            RssHuge = stat.GetValueOrDefault("rss_huge"),
            MappedFile = stat.GetValueOrDefault("mapped_file"),
            Dirty = stat.GetValueOrDefault("dirty"),
            Writeback = stat.GetValueOrDefault("writeback"),
            PgPgIn = stat.GetValueOrDefault("pgpgin"),
            PgPgOut = stat.GetValueOrDefault("pgpgout"),
            PgFault = stat.GetValueOrDefault("pgfault"),
            PgMajFault = stat.GetValueOrDefault("pgmajfault"),
            InactiveAnon = stat.GetValueOrDefault("inactive_anon"),
            ActiveAnon = stat.GetValueOrDefault("active_anon"),
            InactiveFile = stat.GetValueOrDefault("inactive_file"),
            ActiveFile = stat.GetValueOrDefault("active_file"),
            Unevictable = stat.GetValueOrDefault("unevictable"),
            HierarchicalMemoryLimit = stat.GetValueOrDefault("hierarchical_memory_limit"),
            HierarchicalSwapLimit = stat.GetValueOrDefault("hierarchical_memsw_limit"),
            TotalCache = stat.GetValueOrDefault("total_cache"),
            TotalRss = stat.GetValueOrDefault("total_rss"),
            TotalRssHuge = stat.GetValueOrDefault("total_rss_huge"),
            TotalMappedFile = stat.GetValueOrDefault("total_mapped_file"),
            TotalDirty = stat.GetValueOrDefault("total_dirty"),
            TotalWriteback = stat.GetValueOrDefault("total_writeback"),
            TotalPgPgIn = stat.GetValueOrDefault("total_pgpgin"),
            TotalPgPgOut = stat.GetValueOrDefault("total_pgpgout"),
            TotalPgFault = stat.GetValueOrDefault("total_pgfault"),
            TotalPgMajFault = stat.GetValueOrDefault("total_pgmajfault"),
            TotalInactiveAnon = stat.GetValueOrDefault("total_inactive_anon"),
            TotalActiveAnon = stat.GetValueOrDefault("total_active_anon"),
            TotalInactiveFile = stat.GetValueOrDefault("total_inactive_file"),
            TotalActiveFile = stat.GetValueOrDefault("total_active_file"),
            TotalUnevictable = stat.GetValueOrDefault("total_unevictable"),
            Usage = Entry(folder, "memory"),
            Swap = Entry(folder, "memory.memsw"),
            Kernel = Entry(folder, "memory.kmem"),
            KernelTcp = Entry(folder, "memory.kmem.tcp"),
        };
    }

    private static V1.MemoryEntry Entry(string folder, string prefix) => new()
    {
        Limit = CgroupFile.Number(folder, prefix + ".limit_in_bytes"),
        Usage = CgroupFile.Number(folder, prefix + ".usage_in_bytes"),
        Max = CgroupFile.Number(folder, prefix + ".max_usage_in_bytes"),
        Failcnt = CgroupFile.Number(folder, prefix + ".failcnt"),
    };

    // 8:0 Read 4096; what the scheduler does not count, the throttle does.
    private static IEnumerable<V1.BlkIOEntry> ControllerIo(string folder, params string[] names)
    {
        foreach (var name in names)
        {
            var entries = new List<V1.BlkIOEntry>();
            foreach (var line in CgroupFile.Lines(Path.Combine(folder, "blkio." + name)))
            {
                if (line.Split(' ') is not [var device, var operation, var value])
                    continue;
                var (major, minor) = Device(device);
                entries.Add(new V1.BlkIOEntry { Major = major, Minor = minor, Op = operation, Value = CgroupFile.Parse(value) });
            }
            if (entries.Count > 0)
                return entries;
        }
        return [];
    }

    private static (ulong Major, ulong Minor) Device(string text) => text.Split(':') is [var major, var minor]
        ? (ulong.Parse(major, CultureInfo.InvariantCulture), ulong.Parse(minor, CultureInfo.InvariantCulture))
        : (0, 0);

    // A limit that is none is 0 here, as in the original's numbers.
    private static ulong Limit(ulong number) => number == ulong.MaxValue ? 0 : number;
}
