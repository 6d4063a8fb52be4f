using System.Text;

namespace Naru.Linux.Descriptors;

/// <summary>Unix stream sockets that never block, named by a path (never abstract: those have no owner and no mode).</summary>
public static unsafe class UnixSocket
{
    private const int Unix = 1, Stream = 1 | Libc.DESCRIPTOR_CLOEXEC | Libc.DESCRIPTOR_NONBLOCK;

    /// <summary>Binds and listens; the socket is its owner's alone (0600) from the start, by the process's umask.</summary>
    /// <exception cref="LinuxException">EADDRINUSE: the path exists.</exception>
    public static Descriptor Listen(string path)
    {
        var socket = new Descriptor(Errno.Check(Libc.descriptor_socket(Unix, Stream, 0), "socket"));
        var address = Address(path);
        try
        {
            Errno.Check(Libc.descriptor_bind(socket.Number, &address, (uint)sizeof(Libc.sockaddr_un)), "bind", path);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Errno.Check(Libc.descriptor_listen(socket.Number, 128), "listen", path);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects at once or not at all; null when nobody listens (or cannot take more now).</summary>
    public static Descriptor? TryConnect(string path)
    {
        var socket = new Descriptor(Errno.Check(Libc.descriptor_socket(Unix, Stream, 0), "socket"));
        var address = Address(path);
        if (Libc.descriptor_connect(socket.Number, &address, (uint)sizeof(Libc.sockaddr_un)) == 0)
            return socket;
        socket.Dispose();
        return null;
    }

    /// <summary>The next connection, or null when none waits.</summary>
    public static Descriptor? Accept(Descriptor listener)
    {
        var fd = Libc.descriptor_accept4(listener.Number, null, null, Libc.DESCRIPTOR_CLOEXEC | Libc.DESCRIPTOR_NONBLOCK);
        if (fd >= 0)
            return new Descriptor(fd);
        return Errno.Last is Errno.EAGAIN or Errno.EINTR or Errno.EMFILE or Errno.ENFILE or 103
            ? null
            : throw new LinuxException(Errno.Last, "accept4");
    }

    /// <summary>Receives one descriptor (SCM_RIGHTS), or null when the message carries none.</summary>
    public static Descriptor? ReceiveDescriptor(Descriptor connection)
    {
        // Room for a terminal's name, and for one control message: struct cmsghdr (16 bytes) and an int, aligned to 8.
        var data = stackalloc byte[4096];
        var control = stackalloc ulong[4];
        var part = new Libc.descriptor_iovec { iov_base = data, iov_len = 4096 };
        var message = new Libc.descriptor_msghdr { msg_iov = &part, msg_iovlen = 1, msg_control = control, msg_controllen = 24 };
        const int closeOnExec = 0x40000000;
        Errno.Check(Libc.descriptor_recvmsg(connection.Number, &message, closeOnExec), "recvmsg");
        const ulong oneDescriptor = 20, rights = 1ul | (1ul << 32);
        return message.msg_controllen >= 20 && control[0] == oneDescriptor && control[1] == rights
            ? new Descriptor(*(int*)(control + 2))
            : null;
    }

    private static Libc.sockaddr_un Address(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        if (bytes.Length >= 108)
            throw new LinuxException(Errno.ENAMETOOLONG, "bind", path);
        var address = new Libc.sockaddr_un { sun_family = Unix };
        bytes.CopyTo(new Span<byte>(address.sun_path, 108));
        return address;
    }
}
