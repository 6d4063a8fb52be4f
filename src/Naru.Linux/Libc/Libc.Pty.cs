using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>Pseudo terminals and the socket that hands one over.</summary>
internal static unsafe partial class Libc
{
    public const ulong PTY_TIOCSCTTY = 0x540E, PTY_TIOCSWINSZ = 0x5414, PTY_TIOCSPTLCK = 0x40045431, PTY_TIOCGPTPEER = 0x5441;

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int pty_ioctl(int fd, ulong request, nuint argument);

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial int pty_socket(int domain, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    public static partial int pty_connect(int fd, byte* address, uint length);
}
