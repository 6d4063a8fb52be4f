using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>signal.h; a set of signals is the kernel's 64 bits, in the C library's 128 bytes.</summary>
internal static unsafe partial class Libc
{
    public const int SIG_BLOCK = 0, SIG_UNBLOCK = 1, SIG_SETMASK = 2;

    /// <summary>sigset_t</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    public struct sigset_t
    {
        [FieldOffset(0)]
        public ulong bits;
    }

    [LibraryImport(Library, SetLastError = true)]
    public static partial int kill(int pid, int signal);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int sigprocmask(int how, sigset_t* set, sigset_t* old);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int sigwaitinfo(sigset_t* set, void* info);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint signal(int number, nint handler);
}
