using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>sys/resource.h</summary>
internal static unsafe partial class Libc
{
    /// <summary>struct rlimit</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct rlimit_t
    {
        public ulong current, maximum;
    }

    public const int PRIO_PROCESS = 0;

    [LibraryImport(Library, SetLastError = true)]
    public static partial int setpriority(int which, uint who, int priority);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int prlimit(int pid, int resource, rlimit_t* next, rlimit_t* previous);
}
