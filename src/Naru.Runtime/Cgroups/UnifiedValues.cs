using Naru.Base;
using Naru.Oci.Runtime;
using static Naru.Runtime.Cgroups.CgroupFiles;

namespace Naru.Runtime.Cgroups;

/// <summary>v1's terms, which config.json speaks in, as v2's.</summary>
internal static class UnifiedValues
{
    /// <summary>The kernel's period where none is given, in microseconds.</summary>
    public const ulong DefaultPeriod = 100000;

    /// <summary>cpu.shares (2 to 262144) as cpu.weight (1 to 10000), both defaults (1024 and 100) on the curve, as runc 1.3.2 and crun 1.23 have it.</summary>
    public static ulong WeightOf(ulong shares)
    {
        if (shares == 0)
            return 0;
        if (shares <= 2)
            return 1;
        if (shares >= 262144)
            return 10000;
        var log = Math.Log2(shares);
        return (ulong)Math.Ceiling(Math.Pow(10, (log * log + 125 * log) / 612.0 - 7.0 / 34.0));
    }

    /// <summary>blkio.weight (10 to 1000) as io.weight (1 to 10000).</summary>
    public static ulong IoWeightOf(ushort weight) => weight == 0 ? 0 : 1 + ((ulong)weight - 10) * 9999 / 990;

    /// <summary>The line of cpu.max.</summary>
    public static string MaximumOf(CpuResources cpu) =>
        $"{(cpu.Quota is > 0 and var quota ? Text(quota) : "max")} {(cpu.Period is { } period and not 0 ? period : DefaultPeriod)}";

    /// <summary>memory.swap.max: v1's limit is of memory and swap together, v2's of swap alone. Null where it is left as it is.</summary>
    /// <exception cref="NaruException">InvalidArgument: less than the memory's own limit, or that limit is not known.</exception>
    public static string? SwapOf(MemoryResources? memory)
    {
        var (limit, swap) = (memory?.Limit ?? 0, memory?.Swap ?? 0);
        if (swap == 0)
            return limit == -1 ? "max" : null;
        if (swap == -1)
            return "max";
        if (limit == -1)
            return Text(swap);
        if (limit == 0)
            throw NaruException.Invalid("unable to set swap limit without memory limit");
        if (limit < 0)
            throw NaruException.Invalid($"invalid memory value: {limit}");
        if (swap < limit)
            throw NaruException.Invalid("memory+swap limit should be >= memory limit");
        return Text(swap - limit);
    }
}
