using Naru.Linux;
using Naru.Runtime.Init;
using static Naru.Runtime.Stats.StatFiles;

namespace Naru.Runtime.Stats;

/// <summary>The numbers of v1's controllers.</summary>
internal static class LegacyStats
{
    /// <summary>cpuacct.stat counts in clock ticks, of which the kernel tells programs 100 a second.</summary>
    private const ulong NanosecondsPerTick = 10_000_000;

    public static ContainerStats Of(Cgroup cgroup)
    {
        var pidsLimit = Number(cgroup.FolderOf("pids"), "pids.max");
        return new ContainerStats
        {
            Cpu = Cpu(cgroup),
            Cpuset = Cpuset(cgroup.FolderOf("cpuset")),
            Memory = Memory(cgroup.FolderOf("memory")),
            Pids = Number(cgroup.FolderOf("pids"), "pids.current"),
            PidsLimit = pidsLimit == ulong.MaxValue ? 0 : pidsLimit,
            BlockIo = new ContainerStats.BlockIoStats { Tables = BlockIo(cgroup.FolderOf("blkio")) },
            Hugetlb = Hugetlb(cgroup.FolderOf("hugetlb")),
        };
    }

    private static ContainerStats.CpuStats Cpu(Cgroup cgroup)
    {
        var accounting = cgroup.FolderOf("cpuacct");
        var ticks = Pairs(accounting, "cpuacct.stat");
        var throttling = Pairs(cgroup.FolderOf("cpu"), "cpu.stat");
        // «cpu user system», a line each
        var all = Read(accounting, "cpuacct.usage_all").Split('\n').Skip(1).Select(line => line.Split(' ')).Where(words => words.Length == 3).ToList();
        return new ContainerStats.CpuStats
        {
            Total = Number(accounting, "cpuacct.usage"),
            Kernel = ticks.GetValueOrDefault("system") * NanosecondsPerTick,
            User = ticks.GetValueOrDefault("user") * NanosecondsPerTick,
            PerCpu = Numbers(accounting, "cpuacct.usage_percpu"),
            PerCpuKernel = all.ConvertAll(words => Parse(words[2])),
            PerCpuUser = all.ConvertAll(words => Parse(words[1])),
            Periods = throttling.GetValueOrDefault("nr_periods"),
            ThrottledPeriods = throttling.GetValueOrDefault("nr_throttled"),
            ThrottledTime = throttling.GetValueOrDefault("throttled_time"),
        };
    }

    private static ContainerStats.CpusetStats Cpuset(string? folder) => new()
    {
        Cpus = NumberList.Parse(Read(folder, "cpuset.cpus").Trim(), "cpuset.cpus", limit: 8192),
        Mems = NumberList.Parse(Read(folder, "cpuset.mems").Trim(), "cpuset.mems", limit: 8192),
        Flags = Array.ConvertAll(
            (string[])["cpu_exclusive", "mem_hardwall", "mem_exclusive", "memory_migrate", "memory_spread_page", "memory_spread_slab", "memory_pressure", "sched_load_balance"],
            name => Number(folder, $"cpuset.{name}")),
        RelaxDomainLevel = long.TryParse(Read(folder, "cpuset.sched_relax_domain_level"), out var level) ? level : 0,
    };

    private static ContainerStats.MemoryStats Memory(string? folder)
    {
        var raw = Pairs(folder, "memory.stat");
        return new ContainerStats.MemoryStats
        {
            Cache = raw.GetValueOrDefault("cache"),
            Usage = Entry(folder, "memory"),
            Swap = Entry(folder, "memory.memsw"),
            Kernel = Entry(folder, "memory.kmem"),
            KernelTcp = Entry(folder, "memory.kmem.tcp"),
            Raw = raw,
        };
    }

    private static ContainerStats.MemoryEntry Entry(string? folder, string prefix) => new(Number(folder, $"{prefix}.limit_in_bytes"), Number(folder, $"{prefix}.usage_in_bytes"),
        Number(folder, $"{prefix}.max_usage_in_bytes"), Number(folder, $"{prefix}.failcnt"));

    private static Dictionary<string, ContainerStats.MemoryEntry> Hugetlb(string? folder)
    {
        var sizes = new Dictionary<string, ContainerStats.MemoryEntry>();
        foreach (var size in folder is null ? [] : HugePageSizes())
        {
            // Reservations are what is limited, where the kernel counts them.
            var prefix = File.Exists($"{folder}/hugetlb.{size}.rsvd.usage_in_bytes") ? $"hugetlb.{size}.rsvd" : $"hugetlb.{size}";
            sizes[size] = Entry(folder, prefix);
        }

        return sizes;
    }

    /// <summary>BFQ counts most, with its debugging; then BFQ, CFQ (before Linux 5.0), and the throttles. The first that counts is told.</summary>
    private static Dictionary<string, IReadOnlyList<ContainerStats.BlockIoEntry>> BlockIo(string? folder)
    {
        if (folder is null)
            return [];
        (string Name, string File)[] detailed =
        [
            ("sectorsRecursive", "sectors_recursive"), ("ioServiceTimeRecursive", "io_service_time_recursive"), ("ioWaitTimeRecursive", "io_wait_time_recursive"),
            ("ioMergedRecursive", "io_merged_recursive"), ("ioQueueRecursive", "io_queued_recursive"), ("ioTimeRecursive", "time_recursive"),
        ];
        (string Name, string File)[] basic = [("ioServicedRecursive", "io_serviced_recursive"), ("ioServiceBytesRecursive", "io_service_bytes_recursive")];
        (string Name, string File)[] own = [("ioServicedRecursive", "io_serviced"), ("ioServiceBytesRecursive", "io_service_bytes")];
        foreach (var (prefix, tables) in ((string, (string Name, string File)[])[])[("blkio.bfq.", [.. detailed, .. basic]), ("blkio.bfq.", basic), ("blkio.", [.. detailed, .. basic]),
            ("blkio.throttle.", basic), ("blkio.throttle.", own)])
        {
            if (Entries(Read(folder, prefix + tables[0].File)).Count > 0)
                return All(folder, prefix, tables);
        }

        return [];
    }

    private static Dictionary<string, IReadOnlyList<ContainerStats.BlockIoEntry>> All(string folder, string prefix, (string Name, string File)[] tables)
    {
        var all = new Dictionary<string, IReadOnlyList<ContainerStats.BlockIoEntry>>();
        foreach (var (name, file) in tables)
            all[name] = Entries(Read(folder, prefix + file));
        return all;
    }

    /// <summary>Lines «8:0 Read 4096» or «8:0 4096»; the line of the total of all is left out.</summary>
    private static IReadOnlyList<ContainerStats.BlockIoEntry> Entries(string text)
    {
        var entries = new List<ContainerStats.BlockIoEntry>();
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split((char[])[' ', ':'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length is 3 or 4)
                entries.Add(new ContainerStats.BlockIoEntry(Parse(words[0]), Parse(words[1]), words.Length == 4 ? words[2] : "", Parse(words[^1])));
        }

        return entries;
    }
}
