namespace Naru.Linux;

/// <summary>mount(2)'s flags, as in sys/mount.h.</summary>
[Flags]
public enum MountFlags : ulong
{
    None = 0,
    ReadOnly = Libc.MS_RDONLY,
    NoSuid = Libc.MS_NOSUID,
    NoDev = Libc.MS_NODEV,
    NoExec = Libc.MS_NOEXEC,
    Synchronous = Libc.MS_SYNCHRONOUS,
    Remount = Libc.MS_REMOUNT,
    Mandlock = Libc.MS_MANDLOCK,
    DirSync = Libc.MS_DIRSYNC,
    NoSymlinkFollow = Libc.MS_NOSYMFOLLOW,
    NoAtime = Libc.MS_NOATIME,
    NoDirAtime = Libc.MS_NODIRATIME,
    Bind = Libc.MS_BIND,
    Move = Libc.MS_MOVE,
    Recursive = Libc.MS_REC,
    Silent = Libc.MS_SILENT,
    Unbindable = Libc.MS_UNBINDABLE,
    Private = Libc.MS_PRIVATE,
    Slave = Libc.MS_SLAVE,
    Shared = Libc.MS_SHARED,
    RelAtime = Libc.MS_RELATIME,
    InodeVersion = Libc.MS_I_VERSION,
    StrictAtime = Libc.MS_STRICTATIME,
    LazyTime = Libc.MS_LAZYTIME,
}
