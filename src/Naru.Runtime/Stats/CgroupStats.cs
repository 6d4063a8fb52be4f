using Naru.Linux;

namespace Naru.Runtime.Stats;

/// <summary>What is counted in a container's cgroup.</summary>
internal static class CgroupStats
{
    /// <summary>The line that <c>events --stats</c> prints.</summary>
    public static string Describe(string id, Cgroup cgroup) =>
        StatsJson.Write(id, cgroup.Folders.Count == 0 ? new ContainerStats() : cgroup.IsUnified ? UnifiedStats.Of(cgroup) : LegacyStats.Of(cgroup));

    /// <summary>How many processes of the cgroup the kernel has killed for want of memory.</summary>
    public static ulong OutOfMemoryKills(Cgroup cgroup) =>
        StatFiles.Pairs(cgroup.FolderOf("memory"), cgroup.IsUnified ? "memory.events" : "memory.oom_control").GetValueOrDefault("oom_kill");
}
