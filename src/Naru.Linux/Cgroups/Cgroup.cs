using System.Globalization;

namespace Naru.Linux;

/// <summary>One cgroup in every hierarchy of the machine: its folders, its processes, its freezer.</summary>
/// <param name="folders">Hierarchy name (as <see cref="CgroupMount.Name"/>) to the folder.</param>
public sealed class Cgroup(IReadOnlyDictionary<string, string> folders)
{
    private const int Sigkill = 9;

    public IReadOnlyDictionary<string, string> Folders { get; } = folders;

    /// <summary>True where the unified hierarchy is the only one.</summary>
    public bool IsUnified { get; } = folders.Count == 1 && folders.ContainsKey("");

    /// <summary>The cgroup at <paramref name="path"/> of each v1 hierarchy, or of v2 where that is all there is.</summary>
    public static Cgroup At(IReadOnlyList<CgroupMount> mounts, string path)
    {
        var folders = new Dictionary<string, string>();
        var unified = CgroupMounts.IsUnified(mounts);
        foreach (var mount in mounts)
        {
            if (mount.IsUnified == unified)
                folders[mount.Name] = mount.Path + path;
        }

        return new Cgroup(folders);
    }

    /// <summary>Makes the folders with their parents; v2: also hands the controllers down, v1: fills empty cpusets.</summary>
    /// <returns>False if some folder was there before: it may hold processes, or be frozen.</returns>
    public bool Create()
    {
        var isNew = true;
        foreach (var (name, folder) in Folders)
        {
            isNew &= MakeFolders(folder);
            if (name.Split(',').Contains("cpuset"))
                InheritCpuset(folder);
            if (name.Length == 0)
                DelegateControllers(folder);
        }

        return isNew;
    }

    /// <summary>The folder of a v1 controller; null where it is not mounted. v2: the one folder.</summary>
    public string? FolderOf(string controller)
    {
        if (IsUnified)
            return Folders[""];
        foreach (var (name, folder) in Folders)
        {
            if (name.Split(',').Contains(controller))
                return folder;
        }

        return null;
    }

    /// <summary>The way in for a process with one thread, which takes it itself after a fork.</summary>
    public CgroupEntry OpenEntry() => new(this);

    /// <summary>The processes inside, those of cgroups below included. Pids as this process sees them.</summary>
    public IReadOnlyList<int> Processes()
    {
        var folder = FolderOf("freezer") ?? FolderOf("pids") ?? Folders.Values.FirstOrDefault();
        var pids = new List<int>();
        if (folder is not null)
            Collect(folder, pids);
        return pids;
    }

    /// <summary>Stops or continues all processes; waits until they are. False where there is no freezer.</summary>
    public bool Freeze(bool frozen)
    {
        if (FolderOf("freezer") is not { } folder || !Directory.Exists(folder))
            return false;
        var (file, value, statusFile, done) = IsUnified
            ? ("cgroup.freeze", frozen ? "1" : "0", "cgroup.events", frozen ? "frozen 1" : "frozen 0")
            : ("freezer.state", frozen ? "FROZEN" : "THAWED", "freezer.state", frozen ? "FROZEN" : "THAWED");
        for (var round = 0; round < 1000; round++)
        {
            // v1 may stay FREEZING while a process forks: thaw and ask again, as the kernel's freezer document advises.
            if (!IsUnified && frozen && round % 50 == 49)
                Files.WriteText($"{folder}/{file}", "THAWED");
            if (round == 0 || !IsUnified)
                Files.WriteText($"{folder}/{file}", value);
            if ((Files.TryReadText($"{folder}/{statusFile}") ?? done).Contains(done, StringComparison.Ordinal))
                return true;
            Thread.Sleep(1);
        }

        throw new LinuxException(Errno.EBUSY, frozen ? "freeze" : "thaw", folder);
    }

    public bool IsFrozen => FolderOf("freezer") is { } folder && (IsUnified
        ? (Files.TryReadText($"{folder}/cgroup.events") ?? "").Contains("frozen 1", StringComparison.Ordinal)
        : (Files.TryReadText($"{folder}/freezer.state") ?? "").StartsWith("FR", StringComparison.Ordinal));

    /// <summary>Sends a signal to every process inside, none of which can fork away meanwhile.</summary>
    public void Signal(int signal)
    {
        if (signal == Sigkill && IsUnified && File.Exists($"{Folders[""]}/cgroup.kill"))
        {
            Files.WriteText($"{Folders[""]}/cgroup.kill", "1");
            return;
        }

        var frozen = Freeze(true);
        try
        {
            foreach (var pid in Processes())
                Linux.Processes.Kill(pid, signal);
        }
        finally
        {
            if (frozen)
                Freeze(false);
        }
    }

    /// <summary>Removes the folders and those below; waits up to five seconds for the kernel to let go of ended processes.</summary>
    public void Remove()
    {
        foreach (var folder in Folders.Values)
        {
            for (var wait = 1; ; wait *= 2)
            {
                var errno = RemoveTree(folder);
                if (errno is 0 or Errno.ENOENT)
                    break;
                if (errno != Errno.EBUSY || wait > 2500)
                    throw new LinuxException(errno, "rmdir", folder);
                Thread.Sleep(wait);
            }
        }
    }

    private static int RemoveTree(string folder)
    {
        var errno = Files.TryRemoveFolder(folder);
        if (errno != Errno.EBUSY || !Directory.Exists(folder))
            return errno;
        foreach (var below in Directory.GetDirectories(folder))
            RemoveTree(below);
        return Files.TryRemoveFolder(folder);
    }

    private static void Collect(string folder, List<int> pids)
    {
        foreach (var line in (Files.TryReadText($"{folder}/cgroup.procs") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            pids.Add(int.Parse(line, CultureInfo.InvariantCulture));
        if (!Directory.Exists(folder))
            return;
        foreach (var below in Directory.GetDirectories(folder))
            Collect(below, pids);
    }

    private static bool MakeFolders(string folder)
    {
        try
        {
            return Files.MakeFolder(folder, 0x1ED);
        }
        catch (LinuxException missing) when (missing.Number == Errno.ENOENT)
        {
            MakeFolders(Path.GetDirectoryName(folder)!);
            return Files.MakeFolder(folder, 0x1ED);
        }
    }

    /// <summary>A new v1 cpuset is empty and takes no process until its CPUs and memory nodes are filled from its parent's.</summary>
    private static void InheritCpuset(string folder)
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

    /// <summary>v2: a controller shows in a cgroup once each parent has it in cgroup.subtree_control.</summary>
    private static void DelegateControllers(string folder)
    {
        var parents = new Stack<string>();
        for (var parent = Path.GetDirectoryName(folder)!; File.Exists($"{parent}/cgroup.controllers"); parent = Path.GetDirectoryName(parent)!)
            parents.Push(parent);
        foreach (var parent in parents)
        {
            foreach (var controller in (Files.TryReadText($"{parent}/cgroup.controllers") ?? "").Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                try
                {
                    Files.WriteText($"{parent}/cgroup.subtree_control", $"+{controller}");
                }
                catch (LinuxException)
                {
                    // Not every controller can be handed down everywhere (a parent with processes); a limit that then lacks its file says so.
                }
            }
        }
    }
}
