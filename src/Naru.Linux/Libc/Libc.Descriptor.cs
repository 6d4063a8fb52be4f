using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>What <see cref="Descriptors.Descriptor"/> and its neighbours call: unistd.h, fcntl.h, sys/wait.h and sys/socket.h for descriptors that never block.</summary>
internal static unsafe partial class Libc
{
    public const int DESCRIPTOR_CLOEXEC = 0x80000, DESCRIPTOR_NONBLOCK = 0x800, DESCRIPTOR_F_SETFL = 4, DESCRIPTOR_F_DUPFD_CLOEXEC = 1030;

    /// <summary>struct sockaddr_un</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct sockaddr_un
    {
        public ushort sun_family;
        public fixed byte sun_path[108];
    }

    /// <summary>struct iovec</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct descriptor_iovec
    {
        public void* iov_base;
        public nuint iov_len;
    }

    /// <summary>struct msghdr</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct descriptor_msghdr
    {
        public void* msg_name;
        public uint msg_namelen;
        public descriptor_iovec* msg_iov;
        public nuint msg_iovlen;
        public void* msg_control;
        public nuint msg_controllen;
        public int msg_flags;
    }

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int descriptor_open(string path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int descriptor_close(int fd);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint descriptor_read(int fd, void* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint descriptor_write(int fd, void* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "pread", SetLastError = true)]
    public static partial nint descriptor_pread(int fd, void* buffer, nuint count, long offset);

    [LibraryImport(Library, EntryPoint = "pwrite", SetLastError = true)]
    public static partial nint descriptor_pwrite(int fd, void* buffer, nuint count, long offset);

    [LibraryImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    public static partial int descriptor_pipe2(int* descriptors, int flags);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int descriptor_fcntl(int fd, int command, long argument);

    [LibraryImport(Library, EntryPoint = "fchown", SetLastError = true)]
    public static partial int descriptor_fchown(int fd, uint owner, uint group);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int descriptor_poll(ulong* entry, ulong count, int timeout);

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial int descriptor_socket(int domain, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    public static partial int descriptor_bind(int fd, sockaddr_un* address, uint length);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    public static partial int descriptor_connect(int fd, sockaddr_un* address, uint length);

    [LibraryImport(Library, EntryPoint = "listen", SetLastError = true)]
    public static partial int descriptor_listen(int fd, int backlog);

    [LibraryImport(Library, EntryPoint = "accept4", SetLastError = true)]
    public static partial int descriptor_accept4(int fd, void* address, void* length, int flags);

    [LibraryImport(Library, EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint descriptor_recvmsg(int fd, descriptor_msghdr* message, int flags);

    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    public static partial int descriptor_waitpid(int pid, int* status, int options);

    [LibraryImport(Library, EntryPoint = "waitid", SetLastError = true)]
    public static partial int descriptor_waitid(int kind, int id, void* information, int options);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    public static partial int descriptor_kill(int pid, int signal);

    [LibraryImport(Library, EntryPoint = "signal", SetLastError = true)]
    public static partial nint descriptor_signal(int number, nint handler);

    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true)]
    public static partial int descriptor_prctl(int option, nuint a, nuint b, nuint c, nuint d);
}
