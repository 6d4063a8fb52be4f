using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>What sched.h and fcntl.h give to the network namespaces, under names of their own.</summary>
internal static unsafe partial class Libc
{
    public const int NetNsCloneFlag = 0x40000000;

    private const int NetNsOpenFlags = 0x80000;

    [LibraryImport(Library, EntryPoint = "unshare", SetLastError = true)]
    public static partial int NetNsUnshare(int flags);

    [LibraryImport(Library, EntryPoint = "setns", SetLastError = true)]
    public static partial int NetNsSet(int fd, int nstype);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NetNsOpen(string path, int flags);

    /// <summary>open(path, O_RDONLY | O_CLOEXEC)</summary>
    public static int NetNsOpen(string path) => NetNsOpen(path, NetNsOpenFlags);
}
