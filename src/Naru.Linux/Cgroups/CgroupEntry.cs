using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>
/// The way into a cgroup for a process of one thread, opened by its parent with the parent's rights and paths: it is born in the v2 cgroup (<see cref="Fork"/>), and enters those of v1 itself (<see cref="Join"/>).
/// </summary>
/// <remarks>
/// To move another process, or a whole one, the kernel holds up every fork of the machine and first waits for all processors (synchronize_rcu), 10 to 30 ms a time.
/// A thread that moves itself alone («0» to a v1 «tasks» file, Linux 6.0) is spared that, and so is one that is born in its v2 cgroup (clone3, Linux 5.7): docs/decisions/0003-joining-a-cgroup.md.
/// </remarks>
public sealed class CgroupEntry : IDisposable
{
    private readonly List<SafeFileHandle> _doors;
    private readonly SafeFileHandle? _unified;
    private readonly string? _unifiedPath;
    private bool _isBornInside;

    /// <param name="unified">The folder of the v2 hierarchy; null where there is none.</param>
    internal CgroupEntry(string? unified)
    {
        (_doors, _unifiedPath) = ([], unified);
        _unified = unified is null ? null : Files.Open(unified, OpenFlags.PathOnly | OpenFlags.Directory);
    }

    /// <param name="doors">Those of an entry that another process opened, received from it.</param>
    public CgroupEntry(IReadOnlyList<SafeFileHandle> doors) => _doors = [.. doors];

    /// <summary>One open file for each hierarchy that is to be entered after the fork.</summary>
    public IReadOnlyList<SafeFileHandle> Doors => _doors;

    /// <summary>A way in that leads nowhere, for a process that another moves.</summary>
    public static CgroupEntry None() => new(unified: null);

    /// <summary>clone(2) as a fork into new namespaces, in the v2 cgroup from its first moment where the kernel has that: 0 in the child, held to what <see cref="Processes.Fork()"/> says.</summary>
    public int Fork(NamespaceKinds kinds)
    {
        if (_unified is null || Processes.TryForkInto(_unified, kinds) is not { } pid)
            return Processes.Fork(kinds);
        _isBornInside = true;
        return pid;
    }

    /// <summary>Opens the doors of what the process is not born in.</summary>
    /// <param name="lenient">A hierarchy that this user may not enter is left out.</param>
    public void Open(Cgroup cgroup, bool lenient = false)
    {
        foreach (var (name, folder) in cgroup.Folders)
        {
            if (name.Length == 0 && _isBornInside)
                continue;
            try
            {
                _doors.Add(Files.Open(name.Length == 0 ? $"{folder}/cgroup.procs" : $"{folder}/tasks", OpenFlags.WriteOnly));
            }
            catch (LinuxException refused) when (lenient && Cgroup.IsRefusal(refused))
            {
                cgroup.LeaveOut(name);
            }
        }
    }

    /// <summary>Moves the calling process, which must have one thread, through all doors.</summary>
    /// <exception cref="LinuxException"/>
    public void Join()
    {
        foreach (var door in _doors)
            Files.Write(door, "0"u8);
    }

    /// <summary>As <see cref="Join"/>, for a process that comes later.</summary>
    /// <param name="neighbour">Beside which process to go where the v2 cgroup itself takes none, as its processes have gone to cgroups below; 0: nowhere else.</param>
    public void JoinBeside(int neighbour)
    {
        foreach (var door in _doors)
        {
            try
            {
                Files.Write(door, "0"u8);
            }
            catch (LinuxException busy) when (busy.Number == Errno.EBUSY && neighbour != 0 && _unifiedPath is not null && FolderOf(neighbour) is { } beside)
            {
                Files.WriteText($"{beside}/cgroup.procs", "0");
            }
        }
    }

    public void Dispose()
    {
        _doors.ForEach(door => door.Dispose());
        _unified?.Dispose();
    }

    /// <summary>Where below the v2 cgroup a process is; null where it is elsewhere.</summary>
    private string? FolderOf(int pid)
    {
        var path = CgroupMounts.OwnIn(Files.TryReadText($"/proc/{pid}/cgroup") ?? "", "");
        // The folder ends with the cgroup's path; what it begins with, the place of the mount, is not known here and need not be.
        for (var own = path; own.Length > 1; own = own[..own.LastIndexOf('/')])
        {
            if (_unifiedPath!.EndsWith(own, StringComparison.Ordinal))
                return _unifiedPath + path[own.Length..];
        }

        return null;
    }
}
