namespace Naru.Runtime.Stats;

/// <summary>A container's cgroup in numbers, in v1's terms, as runc's <c>events</c> tells them. Times are in nanoseconds, amounts in bytes.</summary>
internal sealed record ContainerStats
{
    public CpuStats Cpu { get; init; } = new();

    public CpusetStats Cpuset { get; init; } = new();

    public MemoryStats Memory { get; init; } = new();

    public ulong Pids { get; init; }

    /// <summary>0: none.</summary>
    public ulong PidsLimit { get; init; }

    public BlockIoStats BlockIo { get; init; } = new();

    /// <summary>By the size of the pages, «2MB».</summary>
    public IReadOnlyDictionary<string, MemoryEntry> Hugetlb { get; init; } = new Dictionary<string, MemoryEntry>();

    public sealed record CpuStats
    {
        public ulong Total { get; init; }

        public ulong Kernel { get; init; }

        public ulong User { get; init; }

        public IReadOnlyList<ulong> PerCpu { get; init; } = [];

        public IReadOnlyList<ulong> PerCpuKernel { get; init; } = [];

        public IReadOnlyList<ulong> PerCpuUser { get; init; } = [];

        public ulong Periods { get; init; }

        public ulong ThrottledPeriods { get; init; }

        public ulong ThrottledTime { get; init; }

        public Pressure? Pressure { get; init; }
    }

    /// <summary>v1 only; all zero on v2.</summary>
    public sealed record CpusetStats
    {
        public IReadOnlyList<int> Cpus { get; init; } = [];

        public IReadOnlyList<int> Mems { get; init; } = [];

        /// <summary>cpu_exclusive, mem_hardwall, mem_exclusive, memory_migrate, memory_spread_page, memory_spread_slab, memory_pressure, sched_load_balance.</summary>
        public IReadOnlyList<ulong> Flags { get; init; } = new ulong[8];

        public long RelaxDomainLevel { get; init; }
    }

    public sealed record MemoryStats
    {
        public ulong Cache { get; init; }

        public MemoryEntry Usage { get; init; } = new(0, 0, 0, 0);

        /// <summary>Memory and swap together.</summary>
        public MemoryEntry Swap { get; init; } = new(0, 0, 0, 0);

        public MemoryEntry Kernel { get; init; } = new(0, 0, 0, 0);

        public MemoryEntry KernelTcp { get; init; } = new(0, 0, 0, 0);

        /// <summary>memory.stat.</summary>
        public IReadOnlyDictionary<string, ulong> Raw { get; init; } = new Dictionary<string, ulong>();

        public Pressure? Pressure { get; init; }
    }

    /// <param name="Maximum">The most that there has been.</param>
    /// <param name="Failures">How often the limit was in the way.</param>
    public sealed record MemoryEntry(ulong Limit, ulong Usage, ulong Maximum, ulong Failures);

    public sealed record BlockIoStats
    {
        /// <summary>By the name in the JSON: ioServiceBytesRecursive, …</summary>
        public IReadOnlyDictionary<string, IReadOnlyList<BlockIoEntry>> Tables { get; init; } = new Dictionary<string, IReadOnlyList<BlockIoEntry>>();

        public Pressure? Pressure { get; init; }
    }

    /// <param name="Operation">«Read», «Write», …; empty where there is one number a device.</param>
    public sealed record BlockIoEntry(ulong Major, ulong Minor, string Operation, ulong Value);

    /// <summary>Pressure stall information: how long some, and all, of the processes waited.</summary>
    public sealed record Pressure(PressureLine Some, PressureLine Full);

    /// <param name="Total">Microseconds; the others are percentages of the last 10, 60 and 300 seconds.</param>
    public sealed record PressureLine(double Average10, double Average60, double Average300, ulong Total);
}
