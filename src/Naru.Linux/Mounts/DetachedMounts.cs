using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>Mounts that hang in no tree (open_tree(2), Linux 5.2) and attributes by mount_setattr(2) (5.12).</summary>
public static unsafe class DetachedMounts
{
    /// <summary>A read-only clone of the mount that holds <paramref name="path"/>, in no namespace's tree; null where the kernel or the caller's rights do not allow it.</summary>
    public static SafeFileHandle? TryReadOnlyClone(string path)
    {
        if (OpenTree(path, recursive: false) is not (>= 0 and var descriptor))
            return null;
        var clone = new SafeFileHandle((nint)descriptor, true);
        if (TrySetAttributes(clone, Libc.MOUNT_ATTR_RDONLY, 0, recursive: false) == 0)
            return clone;
        clone.Dispose();
        return null;
    }

    /// <summary>A clone of what <paramref name="path"/> names, with the mounts below it if <paramref name="recursive"/>: a bind mount that is not in any tree yet.</summary>
    /// <exception cref="LinuxException">EINVAL: of another mount namespace.</exception>
    public static SafeFileHandle Clone(string path, bool recursive) =>
        new((nint)Errno.Check(OpenTree(path, recursive), "open", path), true);

    /// <summary>move_mount(2): hangs a detached mount on an open file or folder.</summary>
    public static void Attach(SafeFileHandle mount, SafeFileHandle target)
    {
        byte empty = 0;
        Errno.Check(
            Libc.syscall(Libc.SYS_move_mount, (nuint)Files.Raw(mount), (nuint)(&empty), (nuint)Files.Raw(target), (nuint)(&empty),
                (nuint)(Libc.MOVE_MOUNT_F_EMPTY_PATH | Libc.MOVE_MOUNT_T_EMPTY_PATH)),
            "mount");
    }

    /// <summary>Shows the files of a detached mount under the ids that a user namespace maps theirs to (MOUNT_ATTR_IDMAP).</summary>
    /// <exception cref="LinuxException">EINVAL: the file system knows no such mounts. EPERM: its user namespace is not the caller's to rule.</exception>
    public static void MapIds(SafeFileHandle mount, SafeFileHandle userNamespace, bool recursive) =>
        Throw(TrySetAttributes(mount, Libc.MOUNT_ATTR_IDMAP, 0, recursive, userNamespace));

    /// <summary>Sets and clears MS_* style flags on a mount and all below it (options rro, rnosuid, …).</summary>
    public static void SetRecursive(SafeFileHandle mount, MountFlags set, MountFlags clear)
    {
        const MountFlags times = MountFlags.NoAtime | MountFlags.RelAtime | MountFlags.StrictAtime;
        // The three access time modes are one value of two bits: whoever sets one of them, or takes one back, clears it whole.
        var value = ((set | clear) & times) != 0 ? Libc.MOUNT_ATTR__ATIME : 0;
        Throw(TrySetAttributes(mount, Translate(set), Translate(clear) & ~Libc.MOUNT_ATTR__ATIME | value, recursive: true));
    }

    private static long OpenTree(string path, bool recursive)
    {
        var flags = Libc.OPEN_TREE_CLONE | Libc.OPEN_TREE_CLOEXEC | (recursive ? Libc.AT_RECURSIVE : 0);
        fixed (byte* name = Files.Bytes(path))
            return Libc.syscall(Libc.SYS_open_tree, unchecked((nuint)Libc.AT_FDCWD), (nuint)name, (nuint)flags, 0, 0);
    }

    private static void Throw(int errno)
    {
        if (errno != 0)
            throw new LinuxException(errno, "mount_setattr");
    }

    private static int TrySetAttributes(SafeFileHandle mount, ulong set, ulong clear, bool recursive, SafeFileHandle? userNamespace = null)
    {
        var attributes = new Libc.mount_attr { attr_set = set, attr_clr = clear, userns_fd = userNamespace is null ? 0 : (ulong)Files.Raw(userNamespace) };
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
