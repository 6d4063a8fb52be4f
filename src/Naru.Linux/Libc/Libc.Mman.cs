using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>Advice on mappings.</summary>
internal static unsafe partial class Libc
{
    public const int MADV_DONTNEED = 4;

    [LibraryImport(Library, SetLastError = true)]
    public static partial int madvise(nuint address, nuint length, int advice);
}
