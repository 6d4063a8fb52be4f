using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>sys/xattr.h</summary>
internal static unsafe partial class Libc
{
    /// <summary>Since Linux 6.13; the number is the same on every architecture.</summary>
    public const long SYS_listxattrat = 465;

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial long listxattrat(long number, int dirfd, byte* path, uint flags, byte* list, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fsetxattr(int fd, byte* name, byte* value, nuint size, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int lsetxattr(byte* path, byte* name, byte* value, nuint size, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint getxattr(byte* path, byte* name, byte* value, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint listxattr(byte* path, byte* list, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint lgetxattr(byte* path, byte* name, byte* value, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint llistxattr(byte* path, byte* list, nuint size);
}
