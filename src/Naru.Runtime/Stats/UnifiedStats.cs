using System.Globalization;
using Naru.Linux;
using static Naru.Runtime.Stats.StatFiles;

namespace Naru.Runtime.Stats;

/// <summary>The numbers of the unified hierarchy, in v1's terms.</summary>
internal static class UnifiedStats
{
    public static ContainerStats Of(Cgroup cgroup)
    {
        var folder = cgroup.Folders[""];
        var pidsLimit = Number(folder, "pids.max");
        return new ContainerStats
        {
            Cpu = Cpu(folder),
            Memory = Memory(folder),
            Pids = Number(folder, "pids.current"),
            PidsLimit = pidsLimit == ulong.MaxValue ? 0 : pidsLimit,
            BlockIo = new ContainerStats.BlockIoStats { Tables = BlockIo(folder), Pressure = Pressure(folder, "io.pressure") },
            Hugetlb = Hugetlb(folder),
        };
    }

    private static ContainerStats.CpuStats Cpu(string folder)
    {
        const ulong nanoseconds = 1000;
        var stat = Pairs(folder, "cpu.stat");
        return new ContainerStats.CpuStats
        {
            Total = stat.GetValueOrDefault("usage_usec") * nanoseconds,
            Kernel = stat.GetValueOrDefault("system_usec") * nanoseconds,
            User = stat.GetValueOrDefault("user_usec") * nanoseconds,
            Periods = stat.GetValueOrDefault("nr_periods"),
            ThrottledPeriods = stat.GetValueOrDefault("nr_throttled"),
            ThrottledTime = stat.GetValueOrDefault("throttled_usec") * nanoseconds,
            Pressure = Pressure(folder, "cpu.pressure"),
        };
    }

    private static ContainerStats.MemoryStats Memory(string folder)
    {
        var raw = Pairs(folder, "memory.stat");
        var usage = Entry(folder, "memory");
        var swap = Entry(folder, "memory.swap");
        // v1 counts both together. Of the two highest amounts no sum can be made.
        var both = swap with { Usage = swap.Usage + usage.Usage, Limit = swap.Limit == ulong.MaxValue ? swap.Limit : swap.Limit + usage.Limit, Maximum = 0 };
        return new ContainerStats.MemoryStats
        {
            Cache = raw.GetValueOrDefault("file"),
            Usage = usage,
            Swap = both,
            Raw = raw,
            Pressure = Pressure(folder, "memory.pressure"),
        };
    }

    private static ContainerStats.MemoryEntry Entry(string folder, string prefix) =>
        new(Number(folder, $"{prefix}.max"), Number(folder, $"{prefix}.current"), Number(folder, $"{prefix}.peak"), 0);

    private static Dictionary<string, ContainerStats.MemoryEntry> Hugetlb(string folder)
    {
        var sizes = new Dictionary<string, ContainerStats.MemoryEntry>();
        foreach (var size in HugePageSizes())
        {
            // Reservations are what is limited, where the kernel counts them.
            var usage = File.Exists($"{folder}/hugetlb.{size}.rsvd.current") ? $"hugetlb.{size}.rsvd.current" : $"hugetlb.{size}.current";
            if (File.Exists($"{folder}/{usage}"))
                sizes[size] = new ContainerStats.MemoryEntry(0, Number(folder, usage), 0, Pairs(folder, $"hugetlb.{size}.events").GetValueOrDefault("max"));
        }

        return sizes;
    }

    /// <summary>Lines «8:0 rbytes=4096 wbytes=0 rios=1 wios=0 …».</summary>
    private static Dictionary<string, IReadOnlyList<ContainerStats.BlockIoEntry>> BlockIo(string folder)
    {
        var (bytes, operations) = (new List<ContainerStats.BlockIoEntry>(), new List<ContainerStats.BlockIoEntry>());
        foreach (var line in Read(folder, "io.stat").Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || words[0].Split(':') is not [var major, var minor])
                continue;
            foreach (var word in words.Skip(1))
            {
                if (word.Split('=') is not [var key, var value])
                    continue;
                var entry = new ContainerStats.BlockIoEntry(Parse(major), Parse(minor), key is "rbytes" or "rios" ? "Read" : "Write", Parse(value));
                if (key is "rbytes" or "wbytes")
                    bytes.Add(entry);
                else if (key is "rios" or "wios")
                    operations.Add(entry);
            }
        }

        return new() { ["ioServiceBytesRecursive"] = bytes, ["ioServicedRecursive"] = operations };
    }

    /// <summary>Lines «some avg10=0.00 avg60=0.00 avg300=0.00 total=0» and «full …»; null where the kernel does not count it.</summary>
    private static ContainerStats.Pressure? Pressure(string folder, string file)
    {
        var text = Read(folder, file);
        return text.Length == 0 ? null : new ContainerStats.Pressure(PressureLine(text, "some"), PressureLine(text, "full"));
    }

    private static ContainerStats.PressureLine PressureLine(string text, string kind)
    {
        var words = text.Split('\n').FirstOrDefault(line => line.StartsWith(kind, StringComparison.Ordinal))?.Split(' ') ?? [];
        double Average(string key) => words.FirstOrDefault(word => word.StartsWith(key, StringComparison.Ordinal)) is { } word
            && double.TryParse(word.AsSpan(key.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : 0;
        var total = words.FirstOrDefault(word => word.StartsWith("total=", StringComparison.Ordinal));
        return new ContainerStats.PressureLine(Average("avg10="), Average("avg60="), Average("avg300="), total is null ? 0 : Parse(total[6..]));
    }
}
