using System.Runtime.InteropServices;

namespace Naru.Linux.Terminals;

/// <summary>The mode of the terminal that a program was started on: raw for as long as a container has it, then as it was.</summary>
/// <remarks>termios(3). The structure is kept as the kernel's C library has it, whole, so that nothing is lost between raw and restore.</remarks>
public sealed partial class TerminalMode : IDisposable
{
    private const int TCSANOW = 0, SizeOfTermios = 60, OutputFlags = 4;
    private const byte OPOST = 1, ONLCR = 4;
    private const ulong TIOCGWINSZ = 0x5413;
    private readonly int descriptor;
    private readonly byte[] saved;
    private int restored;

    private TerminalMode(int descriptor, byte[] saved) => (this.descriptor, this.saved) = (descriptor, saved);

    public static bool IsTerminal(int descriptor) => isatty(descriptor) == 1;

    /// <summary>Rows and columns; zeros when the descriptor is no terminal.</summary>
    public static unsafe (int Rows, int Columns) Size(int descriptor)
    {
        var size = stackalloc ushort[4];
        return ioctl(descriptor, TIOCGWINSZ, size) == 0 ? (size[0], size[1]) : (0, 0);
    }

    /// <summary>Makes the terminal raw (cfmakeraw(3)).</summary>
    /// <param name="translates">Its output goes through its settings as before: what is written has newlines alone.</param>
    /// <exception cref="LinuxException">The descriptor is no terminal.</exception>
    public static unsafe TerminalMode MakeRaw(int descriptor, bool translates = false)
    {
        var saved = new byte[SizeOfTermios];
        var raw = new byte[SizeOfTermios];
        fixed (byte* into = saved)
            Errno.Check(tcgetattr(descriptor, into), "tcgetattr", "terminal");
        saved.CopyTo(raw, 0);
        fixed (byte* changed = raw)
        {
            cfmakeraw(changed);
            if (translates)
                changed[OutputFlags] |= OPOST;
            Errno.Check(tcsetattr(descriptor, TCSANOW, changed), "tcsetattr", "terminal");
        }

        return new TerminalMode(descriptor, saved);
    }

    /// <summary>What is written on the terminal keeps its newlines as they are (ONLCR off).</summary>
    public static unsafe void KeepNewlines(int descriptor)
    {
        var mode = stackalloc byte[SizeOfTermios];
        Errno.Check(tcgetattr(descriptor, mode), "tcgetattr", "terminal");
        mode[OutputFlags] &= unchecked((byte)~ONLCR);
        Errno.Check(tcsetattr(descriptor, TCSANOW, mode), "tcsetattr", "terminal");
    }

    /// <summary>Turns the echo off, for a password; the rest stays.</summary>
    public static unsafe TerminalMode HideInput(int descriptor)
    {
        const int LocalFlags = 12;
        const byte ECHO = 8;
        var saved = new byte[SizeOfTermios];
        fixed (byte* into = saved)
            Errno.Check(tcgetattr(descriptor, into), "tcgetattr", "terminal");
        var quiet = (byte[])saved.Clone();
        quiet[LocalFlags] &= unchecked((byte)~ECHO);
        fixed (byte* changed = quiet)
            Errno.Check(tcsetattr(descriptor, TCSANOW, changed), "tcsetattr", "terminal");
        return new TerminalMode(descriptor, saved);
    }

    /// <summary>Puts the mode back, once; called from any thread, as signals end programs too.</summary>
    public unsafe void Dispose()
    {
        if (Interlocked.Exchange(ref restored, 1) != 0)
            return;
        fixed (byte* mode = saved)
            _ = tcsetattr(descriptor, TCSANOW, mode);
    }

    [LibraryImport("libc")]
    private static partial int isatty(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int tcgetattr(int descriptor, byte* mode);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int tcsetattr(int descriptor, int when, byte* mode);

    [LibraryImport("libc")]
    private static unsafe partial void cfmakeraw(byte* mode);

    [LibraryImport("libc")]
    private static unsafe partial int ioctl(int descriptor, ulong request, void* argument);
}
