using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>The unix socket over which a runtime hands the terminal's master to its caller (--console-socket): one message, one descriptor (SCM_RIGHTS).</summary>
public static unsafe class ConsoleSocket
{
    public static SafeFileHandle Connect(string path)
    {
        const int unix = 1, stream = 1, closeOnExec = 0x80000;
        var socket = Files.Own(Libc.pty_socket(unix, stream | closeOnExec, 0), "socket");
        var name = Encoding.UTF8.GetBytes(path);
        if (name.Length > 107)
            throw new LinuxException(Errno.ENAMETOOLONG, "connect", path);
        var address = stackalloc byte[110];
        new Span<byte>(address, 110).Clear();
        address[0] = unix;
        name.CopyTo(new Span<byte>(address + 2, 108));
        Errno.Check(Libc.pty_connect(Files.Raw(socket), address, 110), "connect", path);
        return socket;
    }

    /// <summary>Sends <paramref name="master"/>; the message's text is the terminal's name, as runc sends it.</summary>
    public static void Send(SafeFileHandle socket, SafeFileHandle master) => SocketPair.Send(socket, "/dev/pts/ptmx"u8, [master]);
}
