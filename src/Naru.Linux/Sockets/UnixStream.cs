using System.Text;
using Naru.Base;
using Naru.Linux.Descriptors;

namespace Naru.Linux.Sockets;

/// <summary>A client's end of a unix stream socket that blocks: unix(7), send(2), recv(2), shutdown(2).</summary>
/// <remarks>The framework's sockets start a thread and an epoll set for the first of them, which takes longer than most clients run.</remarks>
public sealed unsafe class UnixStream : ForwardStream
{
    private const int MSG_NOSIGNAL = 0x4000, SHUT_WR = 1, SHUT_RDWR = 2;
    private readonly Descriptor socket;

    private UnixStream(Descriptor socket) => this.socket = socket;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    /// <exception cref="LinuxException">ENOENT, ECONNREFUSED: nobody listens; EACCES: not for this user.</exception>
    public static UnixStream Connect(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        if (bytes.Length >= 108)
            throw new LinuxException(Errno.ENAMETOOLONG, "connect", path);
        var address = new Libc.sockaddr_un { sun_family = Libc.AF_UNIX };
        bytes.CopyTo(new Span<byte>(address.sun_path, 108));
        var socket = new Descriptor(Errno.Check(Libc.socket(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0), "socket"));
        try
        {
            while (Libc.descriptor_connect(socket.Number, &address, (uint)sizeof(Libc.sockaddr_un)) < 0)
            {
                if (Errno.Last != Errno.EINTR)
                    throw new LinuxException(Errno.Last, "connect", path);
            }

            return new UnixStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>0 at the end, also when another thread disposed of the stream.</summary>
    public override int Read(Span<byte> buffer)
    {
        var held = false;
        socket.DangerousAddRef(ref held);
        try
        {
            fixed (byte* start = buffer)
            {
                while (true)
                {
                    var count = Libc.recv(socket.Number, start, (nuint)buffer.Length, 0);
                    if (count >= 0)
                        return (int)count;
                    if (Errno.Last != Errno.EINTR)
                        throw new LinuxException(Errno.Last, "read");
                }
            }
        }
        finally
        {
            if (held)
                socket.DangerousRelease();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <exception cref="LinuxException">EPIPE, ECONNRESET: the other side no longer reads.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var held = false;
        socket.DangerousAddRef(ref held);
        try
        {
            fixed (byte* start = buffer)
            {
                for (var done = 0; done < buffer.Length;)
                {
                    var count = Libc.sendto(socket.Number, start + done, (nuint)(buffer.Length - done), MSG_NOSIGNAL, null, 0);
                    if (count >= 0)
                        done += (int)count;
                    else if (Errno.Last != Errno.EINTR)
                        throw new LinuxException(Errno.Last, "write");
                }
            }
        }
        finally
        {
            if (held)
                socket.DangerousRelease();
        }
    }

    /// <summary>A read that waits for longer than this fails with EAGAIN (SO_RCVTIMEO).</summary>
    public void SetReceiveTimeout(TimeSpan patience)
    {
        // struct timeval; nothing at all would be for ever.
        var microseconds = Math.Max(1, (long)patience.TotalMicroseconds);
        var time = stackalloc long[] { microseconds / 1_000_000, microseconds % 1_000_000 };
        Errno.Check(Libc.setsockopt(socket.Number, Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, time, 16), "setsockopt");
    }

    /// <summary>Says that nothing more will be written, while reading goes on.</summary>
    public void CloseWrite() => _ = Libc.shutdown(socket.Number, SHUT_WR);

    protected override void Dispose(bool disposing)
    {
        if (disposing && !socket.IsClosed)
        {
            // Wakes a reader on another thread; the descriptor closes once that has let go.
            _ = Libc.shutdown(socket.Number, SHUT_RDWR);
            socket.Dispose();
        }

        base.Dispose(disposing);
    }
}
