using Naru.Linux.Descriptors;

namespace Naru.Linux.Terminals;

/// <summary>A terminal's size in characters.</summary>
public readonly record struct TerminalSize(ushort Columns, ushort Rows)
{
    /// <summary>TIOCSWINSZ; the foreground group gets SIGWINCH.</summary>
    public unsafe void Apply(Descriptor terminal)
    {
        var size = new Libc.winsize_t { ws_col = Columns, ws_row = Rows };
        Errno.Check(Libc.terminal_ioctl(terminal.Number, Libc.TIOCSWINSZ, &size), "ioctl", "TIOCSWINSZ");
    }
}
