using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>
/// The way into a cgroup for a process of one thread: opened by its parent, with the parent's rights and paths, taken by itself.
/// </summary>
/// <remarks>
/// To move another process, or a whole one, the kernel holds up every fork of the machine and first waits for all processors (synchronize_rcu), 10 to 30 ms a time.
/// A thread that moves itself alone («0» to a v1 «tasks» file, Linux 6.0) is spared that: 14 ms become 1 ms over nine hierarchies (docs/decisions/0003-joining-a-cgroup.md).
/// </remarks>
public sealed class CgroupEntry : IDisposable
{
    /// <param name="doors">Those of an entry that another process opened, received from it.</param>
    public CgroupEntry(IReadOnlyList<SafeFileHandle> doors) => Doors = doors;

    internal CgroupEntry(Cgroup cgroup) =>
        Doors = cgroup.Folders.Values.Select(folder => Files.Open($"{folder}/{(cgroup.IsUnified ? "cgroup.procs" : "tasks")}", OpenFlags.WriteOnly)).ToList();

    /// <summary>One open file a hierarchy.</summary>
    public IReadOnlyList<SafeFileHandle> Doors { get; }

    /// <summary>Moves the calling process, which must have one thread, into the cgroup.</summary>
    /// <exception cref="LinuxException"/>
    public void Join()
    {
        foreach (var door in Doors)
            Files.Write(door, "0"u8);
    }

    public void Dispose()
    {
        foreach (var door in Doors)
            door.Dispose();
    }
}
