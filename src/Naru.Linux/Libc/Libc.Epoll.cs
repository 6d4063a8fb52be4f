using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>sys/epoll.h, sys/signalfd.h, sys/eventfd.h, sys/inotify.h</summary>
internal static unsafe partial class Libc
{
    public const int EPOLL_CTL_ADD = 1, EPOLL_CTL_DEL = 2, EPOLL_CTL_MOD = 3;

    public const uint EPOLLIN = 1, EPOLLPRI = 2, EPOLLOUT = 4, EPOLLERR = 8, EPOLLHUP = 16;

    /// <summary>EPOLL_CLOEXEC, SFD_CLOEXEC, EFD_CLOEXEC and IN_CLOEXEC are one number, and so are the NONBLOCKs.</summary>
    public const int EVENT_CLOEXEC = 0x80000, EVENT_NONBLOCK = 0x800;

    public const uint IN_MODIFY = 2;

    /// <summary>struct epoll_event, packed on x86-64.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    public struct epoll_event
    {
        public uint events;
        public int fd;
        public int unused;
    }

    [LibraryImport(Library, SetLastError = true)]
    public static partial int epoll_create1(int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int epoll_ctl(int epfd, int op, int fd, epoll_event* ev);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int epoll_wait(int epfd, epoll_event* events, int maxevents, int timeout);

    /// <param name="mask">The C library's sigset_t: 128 bytes, of which the kernel reads 8.</param>
    [LibraryImport(Library, SetLastError = true)]
    public static partial int signalfd(int fd, ulong* mask, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int eventfd(uint initval, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int inotify_init1(int flags);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int inotify_add_watch(int fd, string pathname, uint mask);
}
