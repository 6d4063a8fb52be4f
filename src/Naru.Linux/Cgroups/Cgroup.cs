namespace Naru.Linux;

/// <summary>One cgroup in every hierarchy of the machine: its folders, its processes, its freezer.</summary>
/// <param name="folders">Hierarchy name (as <see cref="CgroupMount.Name"/>) to the folder; empty where an unprivileged user has no cgroup.</param>
public sealed class Cgroup(IReadOnlyDictionary<string, string> folders)
{
    private const int Sigkill = 9;

    public IReadOnlyDictionary<string, string> Folders { get; private set; } = folders;

    /// <summary>True where the unified hierarchy is the only one.</summary>
    public bool IsUnified => Folders.Count == 1 && Folders.ContainsKey("");

    /// <summary>The cgroup at <paramref name="path"/> of every hierarchy.</summary>
    public static Cgroup At(IReadOnlyList<CgroupMount> mounts, string path)
    {
        var folders = new Dictionary<string, string>();
        foreach (var mount in mounts)
            folders[mount.Name] = mount.Path + path;
        return new Cgroup(folders);
    }

    /// <summary>
    /// Makes the folders with their parents; v2: hands the controllers down to them, v1: fills empty cpusets. A failure leaves no folder that was not there.
    /// </summary>
    /// <param name="lenient">A hierarchy where this user may make nothing is left out from now on.</param>
    /// <returns>False if some folder was there before: it may hold processes, or be frozen.</returns>
    /// <exception cref="LinuxException">EACCES, EROFS, …: the folder that could not be made.</exception>
    public bool Create(bool lenient = false) => Create(Folders, lenient);

    /// <summary>As <see cref="Create(bool)"/>, of all but the v2 hierarchy's folder.</summary>
    public bool CreateLegacy(bool lenient = false) => Create(LegacyFolders(), lenient);

    private Dictionary<string, string> LegacyFolders()
    {
        var legacy = new Dictionary<string, string>(Folders);
        legacy.Remove("");
        return legacy;
    }

    private bool Create(IReadOnlyDictionary<string, string> folders, bool lenient)
    {
        var (isNew, made) = (true, new List<string>());
        try
        {
            foreach (var (name, folder) in folders)
                isNew &= Make(name, folder, made, lenient);
        }
        catch
        {
            CgroupFolders.Undo(made);
            throw;
        }

        return isNew;
    }

    /// <summary>As <see cref="Create(bool)"/>, of the v2 hierarchy's folder alone: a process can be born there.</summary>
    /// <returns>The folders made, parents first, for <see cref="CgroupFolders.Undo"/>; null if the cgroup was there, or there is no such hierarchy.</returns>
    public IReadOnlyList<string>? CreateUnified(bool lenient = false)
    {
        if (!Folders.TryGetValue("", out var folder))
            return null;
        var made = new List<string>();
        try
        {
            return Make("", folder, made, lenient) ? made : null;
        }
        catch
        {
            CgroupFolders.Undo(made);
            throw;
        }
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

    /// <summary>The way in for a process with one thread, for its fork; the doors of what is entered later are not open yet.</summary>
    public CgroupEntry OpenEntry() => new(Folders.GetValueOrDefault(""));

    /// <summary>Moves a process and all of its threads here: for one that cannot do it itself.</summary>
    public void Add(int pid)
    {
        foreach (var folder in Folders.Values)
            Files.WriteText($"{folder}/cgroup.procs", pid.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>The processes inside, those of cgroups below included. Pids as this process sees them.</summary>
    public IReadOnlyList<int> Processes()
    {
        var folder = FolderOf("freezer") ?? FolderOf("pids") ?? Folders.Values.FirstOrDefault();
        var pids = new List<int>();
        if (folder is not null)
            CgroupFolders.Collect(folder, pids);
        return pids;
    }

    /// <summary>Stops or continues all processes; waits until they are. False where there is no freezer.</summary>
    public bool Freeze(bool frozen)
    {
        if (FolderOf("freezer") is not { } folder || !Directory.Exists(folder))
            return false;
        Freeze(folder, frozen);
        return true;
    }

    public bool IsFrozen => FolderOf("freezer") is { } folder && (IsUnified
        ? (Files.TryReadText($"{folder}/cgroup.events") ?? "").Contains("frozen 1", StringComparison.Ordinal)
        : (Files.TryReadText($"{folder}/freezer.state") ?? "").StartsWith("FR", StringComparison.Ordinal));

    /// <summary>Sends a signal to every process inside, none of which can fork away meanwhile.</summary>
    public void Signal(int signal)
    {
        if (signal == Sigkill && IsUnified && File.Exists($"{Folders[""]}/cgroup.kill"))
        {
            try
            {
                Files.WriteText($"{Folders[""]}/cgroup.kill", "1");
            }
            catch (LinuxException gone) when (gone.Number is Errno.ENOENT or Errno.ENODEV)
            {
                // Systemd takes a scope away as soon as it is empty.
            }

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

        if (signal == Sigkill && !IsUnified && FolderOf("freezer") is { } folder)
            ThawBelow(folder);
    }

    /// <summary>Removes the folders and those below; waits up to five seconds for the kernel to let go of ended processes.</summary>
    public void Remove()
    {
        foreach (var folder in Folders.Values)
        {
            for (var wait = 1; ; wait *= 2)
            {
                var errno = CgroupFolders.Remove(folder);
                if (errno is 0 or Errno.ENOENT)
                    break;
                // A file system that is read-only, or not this user's, says so of what is not there as well.
                if (errno is Errno.EROFS or Errno.EACCES && !Directory.Exists(folder))
                    break;
                if (errno != Errno.EBUSY || wait > 2500)
                    throw new LinuxException(errno, "rmdir", folder);
                Thread.Sleep(wait);
            }
        }
    }

    /// <summary>A v1 cgroup below that was frozen by itself stays so when the one above is thawed, and its processes take no signal.</summary>
    private void ThawBelow(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var below in Directory.GetDirectories(folder))
        {
            if ((Files.TryReadText($"{below}/freezer.state") ?? "").StartsWith("FR", StringComparison.Ordinal))
                Freeze(below, frozen: false);
            ThawBelow(below);
        }
    }

    private void Freeze(string folder, bool frozen)
    {
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
                return;
            Thread.Sleep(1);
        }

        throw new LinuxException(Errno.EBUSY, frozen ? "freeze" : "thaw", folder);
    }

    /// <summary>From now on the cgroup has no folder in this hierarchy.</summary>
    internal void LeaveOut(string name)
    {
        var rest = new Dictionary<string, string>();
        foreach (var (other, folder) in Folders)
        {
            if (other != name)
                rest[other] = folder;
        }

        Folders = rest;
    }

    /// <summary>Whether an unprivileged user was refused.</summary>
    internal static bool IsRefusal(LinuxException failure) => failure.Number is Errno.EPERM or Errno.EACCES or Errno.EROFS;

    private bool Make(string name, string folder, List<string> made, bool lenient)
    {
        try
        {
            var isNew = CgroupFolders.Make(folder, made);
            if (name.Split(',').Contains("cpuset"))
                CgroupFolders.InheritCpuset(folder);
            if (IsUnified)
                CgroupFolders.HandDownControllers(folder);
            return isNew;
        }
        catch (LinuxException refused) when (lenient && IsRefusal(refused))
        {
            LeaveOut(name);
            return true;
        }
    }
}
