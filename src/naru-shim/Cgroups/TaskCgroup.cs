using System.Globalization;

namespace Naru.Shim.Cgroups;

/// <summary>A container's cgroup: one folder with v2, one a controller with v1. Read only; the runtime makes and removes it.</summary>
internal sealed class TaskCgroup
{
    private const string Root = "/sys/fs/cgroup";

    private readonly Dictionary<string, string> controllers = new(StringComparer.Ordinal);

    /// <summary>The unified folder; null on a machine whose controllers are v1's.</summary>
    public string? Unified { get; private init; }

    /// <summary>v1's folder of a controller, or null.</summary>
    public string? Controller(string name) => controllers.GetValueOrDefault(name);

    /// <summary>From /proc/PID/cgroup; null when the process has gone.</summary>
    public static TaskCgroup? Of(int pid)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines($"/proc/{pid}/cgroup");
        }
        catch (IOException)
        {
            return null;
        }
        var v1 = lines.Any(line => line.Split(':', 3) is [_, "memory" or "cpu,cpuacct" or "pids", _]);
        var unified = lines.FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?["0::".Length..];
        var found = new TaskCgroup { Unified = v1 || unified is null ? null : Root + unified };
        if (!v1)
            return found;
        foreach (var line in lines)
        {
            if (line.Split(':', 3) is not [_, { Length: > 0 } names, var path] || names.StartsWith("name=", StringComparison.Ordinal))
                continue;
            foreach (var name in names.Split(','))
            {
                var folder = $"{Root}/{name}{path}";
                found.controllers[name] = Directory.Exists(folder) ? folder : $"{Root}/{names}{path}";
            }
        }
        return found;
    }

    /// <summary>The processes in it and below it.</summary>
    public IEnumerable<int> Pids()
    {
        var folder = Unified ?? Controller("pids") ?? Controller("memory") ?? Controller("devices");
        if (folder is null || !Directory.Exists(folder))
            yield break;
        foreach (var path in Directory.EnumerateFiles(folder, "cgroup.procs", SearchOption.AllDirectories))
        {
            foreach (var line in CgroupFile.Lines(path))
                yield return int.Parse(line, CultureInfo.InvariantCulture);
        }
    }
}
