using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>The cgroups of processes and containers, as the machine's files have them, whichever version it is.</summary>
public static class ContainerCgroups
{
    /// <summary>cgroup v2 alone.</summary>
    public static bool Unified => File.Exists("/sys/fs/cgroup/cgroup.controllers");

    public static int Pid(HeldContainer held) => JsonNode.Parse(held.Must("state", held.Id))!["pid"]!.GetValue<int>();

    /// <summary>Controllers, comma-separated (empty for v2's hierarchy), and path.</summary>
    public static IEnumerable<(string Name, string Path)> CgroupsOf(int pid) =>
        File.ReadAllLines($"/proc/{pid}/cgroup").Select(line => line.Split(':', 3)).Select(parts => (parts[1], parts[2]));

    /// <summary>A file of the first process's cgroup, without the last newline.</summary>
    /// <param name="controller">Whose hierarchy it is in on v1.</param>
    public static string Read(HeldContainer held, string controller, string file)
    {
        var line = CgroupsOf(Pid(held)).First(line => Unified ? line.Name.Length == 0 : line.Name.Split(',').Contains(controller));
        return File.ReadAllText(Unified ? $"/sys/fs/cgroup{line.Path}/{file}" : $"/sys/fs/cgroup/{line.Name}{line.Path}/{file}").Trim();
    }

    /// <summary>"QUOTA PERIOD"</summary>
    public static string Quota(HeldContainer held) => Unified ? Read(held, "cpu", "cpu.max") : $"{Read(held, "cpu", "cpu.cfs_quota_us")} {Read(held, "cpu", "cpu.cfs_period_us")}";

    /// <summary>The cgroups of that name, wherever they are.</summary>
    public static List<string> Folders(string top, string name) => !Directory.Exists(top) ? []
        : Directory.EnumerateDirectories(top, name, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 }).ToList();

    /// <summary>linux.namespaces without those of a type.</summary>
    public static JsonArray Without(JsonNode namespaces, string type) =>
        new([.. namespaces.AsArray().Where(entry => entry!["type"]!.GetValue<string>() != type).Select(entry => entry!.DeepClone())]);
}
