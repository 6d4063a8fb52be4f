namespace Naru.Linux;

/// <summary>Makes and removes mounts in the calling process's mount namespace.</summary>
public static class Mounts
{
    /// <summary>mount(2), whole.</summary>
    /// <exception cref="LinuxException"/>
    public static void Mount(string? source, string target, string? type, MountFlags flags, string? data = null)
    {
        int result;
        do
            result = Libc.mount(source, target, type, (ulong)flags, data);
        while (result < 0 && Errno.Last == Errno.EINTR);
        Errno.Check(result, "mount", target);
    }

    /// <summary>Bind-mounts <paramref name="source"/> on <paramref name="target"/>, with its submounts if <paramref name="recursive"/>.</summary>
    public static void Bind(string source, string target, bool recursive = false) =>
        Mount(source, target, null, MountFlags.Bind | (recursive ? MountFlags.Recursive : MountFlags.None));

    /// <summary>Unmounts <paramref name="target"/>; a target that is no mount is fine (false).</summary>
    /// <param name="detach">MNT_DETACH: gone from the tree at once, freed when no longer used.</param>
    public static bool Unmount(string target, bool detach = false)
    {
        if (Libc.umount2(target, (detach ? Libc.MNT_DETACH : 0) | Libc.UMOUNT_NOFOLLOW) == 0)
            return true;
        if (Errno.Last is Errno.EINVAL or Errno.ENOENT)
            return false;
        throw new LinuxException(Errno.Last, "umount", target);
    }
}
