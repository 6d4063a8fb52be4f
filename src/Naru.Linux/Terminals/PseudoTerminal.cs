using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>A pty(7) of a given devpts: the master for whoever serves the terminal, the slave for the process in it.</summary>
public sealed unsafe class PseudoTerminal : IDisposable
{
    private const long DevptsMagic = 0x1cd1;

    private PseudoTerminal(SafeFileHandle master, SafeFileHandle slave) => (Master, Slave) = (master, slave);

    public SafeFileHandle Master { get; }

    public SafeFileHandle Slave { get; }

    /// <summary>Opens a new pair by the devpts mounted at /dev/pts below <paramref name="root"/>; the slave by its master, never by a name that could be forged.</summary>
    /// <exception cref="LinuxException"/>
    public static PseudoTerminal Open(SafeFileHandle root)
    {
        var master = Files.OpenInRoot(root, "dev/pts/ptmx", OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal);
        if (Files.FileSystem(master).Type != DevptsMagic)
            throw new LinuxException(Errno.ENODEV, "open", "/dev/pts/ptmx");
        var unlocked = 0;
        Errno.Check(Libc.pty_ioctl(Files.Raw(master), Libc.PTY_TIOCSPTLCK, (nuint)(&unlocked)), "ioctl", "TIOCSPTLCK");
        const int flags = Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC;
        var slave = Files.Own(Libc.pty_ioctl(Files.Raw(master), Libc.PTY_TIOCGPTPEER, flags), "ioctl", "TIOCGPTPEER");
        return new PseudoTerminal(master, slave);
    }

    public void Resize(ushort columns, ushort rows) => Resize(Master, columns, rows);

    /// <summary>TIOCSWINSZ; the foreground group gets SIGWINCH.</summary>
    public static void Resize(SafeFileHandle master, ushort columns, ushort rows)
    {
        var size = stackalloc ushort[4];
        (size[0], size[1], size[2], size[3]) = (rows, columns, 0, 0);
        Errno.Check(Libc.pty_ioctl(Files.Raw(master), Libc.PTY_TIOCSWINSZ, (nuint)size), "ioctl", "TIOCSWINSZ");
    }

    /// <summary>Makes the slave descriptors 0, 1 and 2 and the session's controlling terminal.</summary>
    public void Control()
    {
        for (var number = 0; number <= 2; number++)
            Processes.Duplicate(Slave, number);
        Errno.Check(Libc.pty_ioctl(0, Libc.PTY_TIOCSCTTY, 0), "ioctl", "TIOCSCTTY");
    }

    public void Dispose()
    {
        Master.Dispose();
        Slave.Dispose();
    }
}
