using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>Mounts that hang in no tree (open_tree(2), Linux 5.2) and attributes by mount_setattr(2) (5.12).</summary>
public static unsafe class DetachedMounts
{
    /// <summary>A read-only clone of the mount that holds <paramref name="path"/>, in no namespace's tree; null where the kernel or the caller's rights do not allow it.</summary>
    public static SafeFileHandle? TryReadOnlyClone(string path)
    {
        fixed (byte* name = Files.Bytes(path))
        {
            var descriptor = Libc.syscall(Libc.SYS_open_tree, unchecked((nuint)Libc.AT_FDCWD), (nuint)name, (nuint)(Libc.OPEN_TREE_CLONE | Libc.OPEN_TREE_CLOEXEC), 0, 0);
            if (descriptor < 0)
                return null;
            var clone = new SafeFileHandle((nint)descriptor, true);
            if (TrySetAttributes(clone, Libc.MOUNT_ATTR_RDONLY, 0, recursive: false) == 0)
                return clone;
            clone.Dispose();
            return null;
        }
    }

    /// <summary>Makes a mount and all below it read-only.</summary>
    /// <exception cref="LinuxException"/>
    public static void SetReadOnlyRecursive(SafeFileHandle mount) => SetAttributes(mount, Libc.MOUNT_ATTR_RDONLY, 0);

    /// <summary>Sets and clears MS_* style flags on a mount and all below it (options rro, rnosuid, …).</summary>
    public static void SetRecursive(SafeFileHandle mount, MountFlags set, MountFlags clear) => SetAttributes(mount, Translate(set), Translate(clear));

    private static void SetAttributes(SafeFileHandle mount, ulong set, ulong clear)
    {
        var errno = TrySetAttributes(mount, set, clear, recursive: true);
        if (errno != 0)
            throw new LinuxException(errno, "mount_setattr");
    }

    private static int TrySetAttributes(SafeFileHandle mount, ulong set, ulong clear, bool recursive)
    {
        if ((set & (Libc.MOUNT_ATTR_NOATIME | Libc.MOUNT_ATTR_STRICTATIME)) != 0)
            clear |= Libc.MOUNT_ATTR__ATIME;
        var attributes = new Libc.mount_attr { attr_set = set, attr_clr = clear };
        byte empty = 0;
        var flags = Libc.AT_EMPTY_PATH | (recursive ? Libc.AT_RECURSIVE : 0);
        return Libc.syscall(Libc.SYS_mount_setattr, (nuint)Files.Raw(mount), (nuint)(&empty), (nuint)flags, (nuint)(&attributes), (nuint)sizeof(Libc.mount_attr)) == 0
            ? 0
            : Errno.Last;
    }

    private static ulong Translate(MountFlags flags)
    {
        ulong attributes = 0;
        if (flags.HasFlag(MountFlags.ReadOnly))
            attributes |= Libc.MOUNT_ATTR_RDONLY;
        if (flags.HasFlag(MountFlags.NoSuid))
            attributes |= Libc.MOUNT_ATTR_NOSUID;
        if (flags.HasFlag(MountFlags.NoDev))
            attributes |= Libc.MOUNT_ATTR_NODEV;
        if (flags.HasFlag(MountFlags.NoExec))
            attributes |= Libc.MOUNT_ATTR_NOEXEC;
        if (flags.HasFlag(MountFlags.NoAtime))
            attributes |= Libc.MOUNT_ATTR_NOATIME;
        if (flags.HasFlag(MountFlags.NoDirAtime))
            attributes |= Libc.MOUNT_ATTR_NODIRATIME;
        if (flags.HasFlag(MountFlags.StrictAtime))
            attributes |= Libc.MOUNT_ATTR_STRICTATIME;
        if (flags.HasFlag(MountFlags.NoSymlinkFollow))
            attributes |= Libc.MOUNT_ATTR_NOSYMFOLLOW;
        return attributes;
    }
}
