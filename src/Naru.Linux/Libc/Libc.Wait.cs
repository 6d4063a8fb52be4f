using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>sys/wait.h</summary>
internal static unsafe partial class Libc
{
    public const int WNOHANG = 1;

    [LibraryImport(Library, SetLastError = true)]
    public static partial int waitpid(int pid, int* status, int options);
}
