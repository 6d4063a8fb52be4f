using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>What copies a file's content and attributes by descriptor: unistd.h, linux/fs.h, sys/xattr.h.</summary>
internal static unsafe partial class Libc
{
    /// <summary>_IOW(0x94, 9, int)</summary>
    public const nuint FICLONE = 0x40049409;

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint copy_file_range(int from, long* fromOffset, int to, long* toOffset, nuint count, uint flags);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int ioctl_clone(int fd, nuint request, nint from);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint read_fd(int fd, byte* buffer, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint flistxattr(int fd, byte* list, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint fgetxattr(int fd, byte* name, byte* value, nuint size);
}
