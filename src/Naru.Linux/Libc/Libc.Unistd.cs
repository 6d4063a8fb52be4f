using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>unistd.h, and the system calls that the C library does not wrap (x86-64 numbers).</summary>
internal static unsafe partial class Libc
{
    public const long SYS_clone = 56, SYS_pivot_root = 155, SYS_capget = 125, SYS_capset = 126, SYS_keyctl = 250, SYS_seccomp = 317,
        SYS_bpf = 321, SYS_open_tree = 428, SYS_move_mount = 429, SYS_close_range = 436, SYS_openat2 = 437, SYS_mount_setattr = 442,
        SYS_pread64 = 17, SYS_readlinkat = 267, SYS_setgroups = 116, SYS_setresuid = 117, SYS_setresgid = 119, SYS_ioprio_set = 251, SYS_sched_setattr = 314, SYS_memfd_create = 319, SYS_pidfd_open = 434,
        SYS_clone3 = 435, SYS_pidfd_getfd = 438, SYS_set_mempolicy = 238, SYS_pidfd_send_signal = 424;

    [LibraryImport(Library, SetLastError = true)]
    public static partial long syscall(long number, nuint a, nuint b, nuint c, nuint d, nuint e);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fork();

    [LibraryImport(Library)]
    public static partial void _exit(int status);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int execve(byte* path, byte** argv, byte** envp);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int execv(byte* path, byte** argv);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rename(string from, string to);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int pipe2(int* descriptors, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int dup3(int from, int to, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint read(int fd, byte* buffer, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint write(int fd, byte* buffer, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int close(int fd);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chdir(string path);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fchdir(int fd);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chroot(string path);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint readlink(byte* path, byte* buffer, nuint size);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int faccessat(int dirfd, string path, int mode, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int sethostname(byte* name, nuint length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int setdomainname(byte* name, nuint length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int setsid();

    [LibraryImport(Library)]
    public static partial int getpid();

    [LibraryImport(Library)]
    public static partial uint geteuid();

    [LibraryImport(Library, SetLastError = true)]
    public static partial byte* getcwd(byte* buffer, nuint size);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int unlinkat(int dirfd, string path, int flags);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int symlinkat(string target, int dirfd, string path);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int fchownat(int dirfd, string path, uint owner, uint group, int flags);

    [LibraryImport(Library)]
    public static partial uint alarm(uint seconds);
}
