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
    public static void Send(SafeFileHandle socket, SafeFileHandle master)
    {
        fixed (byte* text = "/dev/ptmx"u8)
        {
            // struct iovec; struct cmsghdr with one int; struct msghdr (x86-64 layouts).
            var vector = stackalloc ulong[2];
            (vector[0], vector[1]) = ((ulong)text, 9);
            var control = stackalloc ulong[3];
            const ulong solSocketRights = 1 | (1UL << 32);
            (control[0], control[1], control[2]) = (20, solSocketRights, (ulong)Files.Raw(master));
            var message = stackalloc ulong[7];
            (message[0], message[1], message[2], message[3], message[4], message[5], message[6]) = (0, 0, (ulong)vector, 1, (ulong)control, 24, 0);
            Errno.Check(Libc.pty_sendmsg(Files.Raw(socket), message, 0), "sendmsg");
        }
    }
}
