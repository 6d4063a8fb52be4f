using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>time.h</summary>
internal static unsafe partial class Libc
{
    /// <summary>struct tm</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct tm_t
    {
        public int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
        public long tm_gmtoff;
        public nint tm_zone;
    }

    [LibraryImport(Library)]
    public static partial void tzset();

    [LibraryImport(Library, SetLastError = true)]
    public static partial tm_t* localtime_r(long* time, tm_t* result);
}
