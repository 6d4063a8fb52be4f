using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>sys/ioctl.h as far as terminals and pipes go.</summary>
internal static unsafe partial class Libc
{
    public const ulong TIOCSWINSZ = 0x5414, FIONREAD = 0x541B;

    /// <summary>struct winsize</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct winsize_t
    {
        public ushort ws_row, ws_col, ws_xpixel, ws_ypixel;
    }

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int terminal_ioctl(int fd, ulong request, void* argument);
}
