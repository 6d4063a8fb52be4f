using System.Globalization;

namespace Naru.Linux;

/// <summary>What is done to the folder of one cgroup in one hierarchy.</summary>
public static class CgroupFolders
{
    /// <summary>Makes a folder with its parents.</summary>
    /// <param name="made">Takes what had not been there, parents first.</param>
    /// <returns>False if the folder was there.</returns>
    public static bool Make(string folder, List<string> made)
    {
        bool isNew;
        try
        {
            isNew = Files.MakeFolder(folder, 0x1ED);
        }
        catch (LinuxException missing) when (missing.Number == Errno.ENOENT)
        {
            Make(Path.GetDirectoryName(folder)!, made);
            isNew = Files.MakeFolder(folder, 0x1ED);
        }

        if (isNew)
            made.Add(folder);
        return isNew;
    }

    /// <summary>Removes what was made, the last first, as far as nothing has come to be in it.</summary>
    public static void Undo(IReadOnlyList<string> made)
    {
        for (var index = made.Count - 1; index >= 0; index--)
            Files.TryRemoveFolder(made[index]);
    }

    /// <summary>rmdir(2) of a folder and of those below: 0, or the errno.</summary>
    public static int Remove(string folder)
    {
        var errno = Files.TryRemoveFolder(folder);
        if (errno != Errno.EBUSY || !Directory.Exists(folder))
            return errno;
        foreach (var below in Directory.GetDirectories(folder))
            Remove(below);
        return Files.TryRemoveFolder(folder);
    }

    /// <summary>The pids of a folder and of those below. A threaded cgroup has its processes above.</summary>
    public static void Collect(string folder, List<int> pids)
    {
        foreach (var line in Procs(folder).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            pids.Add(int.Parse(line, CultureInfo.InvariantCulture));
        if (!Directory.Exists(folder))
            return;
        foreach (var below in Directory.GetDirectories(folder))
            Collect(below, pids);
    }

    /// <summary>A new v1 cpuset is empty and takes no process until its CPUs and memory nodes are filled from its parent's.</summary>
    public static void InheritCpuset(string folder)
    {
        foreach (var file in (ReadOnlySpan<string>)["cpuset.cpus", "cpuset.mems"])
        {
            var own = Files.TryReadText($"{folder}/{file}");
            if (own is null || own.Trim().Length > 0)
                continue;
            var parent = Path.GetDirectoryName(folder)!;
            InheritCpuset(parent);
            Files.WriteText($"{folder}/{file}", Files.TryReadText($"{parent}/{file}") ?? "");
        }
    }

    /// <summary>v2: a controller shows in a cgroup once each parent has it in cgroup.subtree_control. Only what is missing there is written.</summary>
    public static void HandDownControllers(string folder)
    {
        var parents = new List<(string Folder, string[] Available)>();
        for (var parent = Path.GetDirectoryName(folder); parent is not null && Words($"{parent}/cgroup.controllers") is { } available; parent = Path.GetDirectoryName(parent))
            parents.Add((parent, available));
        for (var index = parents.Count - 1; index >= 0; index--)
        {
            // What a cgroup has available is what the one above hands down.
            var handedDown = index > 0 ? parents[index - 1].Available : Words($"{parents[0].Folder}/cgroup.subtree_control") ?? [];
            HandDown(parents[index].Folder, parents[^1].Available.Except(handedDown).ToList());
        }
    }

    private static void HandDown(string parent, IReadOnlyList<string> controllers)
    {
        if (controllers.Count == 0 || TryWrite($"{parent}/cgroup.subtree_control", string.Join(' ', controllers.Select(name => $"+{name}"))))
            return;
        // Not every controller can be handed down everywhere (a parent with processes); a limit that then lacks its file says so.
        foreach (var controller in controllers)
            TryWrite($"{parent}/cgroup.subtree_control", $"+{controller}");
    }

    private static bool TryWrite(string path, string text)
    {
        try
        {
            Files.WriteText(path, text);
            return true;
        }
        catch (LinuxException)
        {
            return false;
        }
    }

    private static string Procs(string folder)
    {
        try
        {
            return Files.TryReadText($"{folder}/cgroup.procs") ?? "";
        }
        catch (LinuxException other) when (other.Number is Errno.EOPNOTSUPP or Errno.ENODEV)
        {
            return "";
        }
    }

    private static string[]? Words(string path) => Files.TryReadText(path)?.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
