using System.Runtime;

namespace Naru.Runc;

/// <summary>What the collector of a program that lives for milliseconds need not find out.</summary>
internal static class GarbageCollector
{
    /// <summary>In place of the search for the processor's largest cache (the project has the linker wrap it): the youngest generation may grow to five eighths of it before it is collected.</summary>
    /// <returns>Bytes.</returns>
    [RuntimeExport("__wrap__ZN15GCToOSInterface25GetCacheSizePerLogicalCpuEb")]
    private static nuint CacheSize(bool whole) => 8 << 20;
}
