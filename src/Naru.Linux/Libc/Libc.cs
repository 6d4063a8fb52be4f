using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>The C library, raw: names and constants exactly as in the man pages, one file a header family. Callers are the typed rooms of Naru.Linux.</summary>
internal static unsafe partial class Libc
{
    private const string Library = "libc";
}
