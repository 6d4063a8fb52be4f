using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>The C library's own heap.</summary>
internal static unsafe partial class Libc
{
    [LibraryImport(Library)]
    public static partial int malloc_trim(nuint pad);
}
