using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>sys/stat.h: statx, chown, chmod; sys/file.h: flock</summary>
internal static unsafe partial class Libc
{
    /// <summary>statx(2)'s answer, as far as callers read it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct statx_fields
    {
        [FieldOffset(16)] public uint stx_nlink;
        [FieldOffset(20)] public uint stx_uid;
        [FieldOffset(24)] public uint stx_gid;
        [FieldOffset(28)] public ushort stx_mode;
        [FieldOffset(32)] public ulong stx_ino;
        [FieldOffset(40)] public ulong stx_size;
        [FieldOffset(48)] public ulong stx_blocks;
    }

    public const int STATX_AT_FDCWD = -100, STATX_AT_SYMLINK_NOFOLLOW = 0x100;

    public const uint STATX_BASIC = 0x7ff;

    public const int FLOCK_EX = 2, FLOCK_NB = 4;

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int statx_path(int dirfd, string path, int flags, uint mask, statx_fields* answer);

    [LibraryImport(Library, EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int lchown_path(string path, uint owner, uint group);

    [LibraryImport(Library, EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chmod_path(string path, uint mode);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    public static partial int flock_file(int fd, int operation);
}
