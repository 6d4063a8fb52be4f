using System.Buffers.Binary;

namespace Naru.Linux;

/// <summary>A netlink socket. It stays in the network namespace in which it was opened, whatever its user does later.</summary>
/// <remarks>netlink(7). The kernel handles a request inside sendto, so the answers are there when it returns. One request at a time: callers are serialised.</remarks>
public sealed unsafe class NetlinkSocket : IDisposable
{
    private readonly Lock _gate = new();
    private readonly byte[] _buffer = new byte[32 * 1024];
    private readonly DescriptorHandle _handle;
    private uint _sequence = 1;

    private NetlinkSocket(DescriptorHandle handle) => _handle = handle;

    /// <summary>A socket for links, addresses, routes and neighbours, in the calling thread's network namespace.</summary>
    public static NetlinkSocket OpenRoute() => Open(Libc.NETLINK_ROUTE);

    /// <summary>A socket for nf_tables and connection tracking, in the calling thread's network namespace.</summary>
    public static NetlinkSocket OpenNetfilter() => Open(Libc.NETLINK_NETFILTER);

    private static NetlinkSocket Open(int protocol)
    {
        var handle = new DescriptorHandle(Errno.Check(Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, protocol), "socket", "netlink"));
        var socket = new NetlinkSocket(handle);
        // Both are refinements of the answers: short ones, with the kernel's words. Old kernels lack them.
        socket.SetOption(Libc.NETLINK_CAP_ACK, 1);
        socket.SetOption(Libc.NETLINK_EXT_ACK, 1);
        return socket;
    }

    /// <summary>Sends the messages of <paramref name="batch"/> in one call and throws the first error among the answers.</summary>
    /// <exception cref="LinuxException"/>
    public void Execute(NetlinkWriter batch)
    {
        if (TryExecute(batch) is { } error)
            throw error.ToException();
    }

    /// <summary>As <see cref="Execute"/>, but gives the first error. Messages after a failed one were tried all the same (rtnetlink), or none holds (nf_tables).</summary>
    public NetlinkError? TryExecute(NetlinkWriter batch)
    {
        lock (_gate)
        {
            var first = _sequence;
            _sequence += (uint)batch.Count;
            batch.Number(first);
            Send(batch.Bytes);
            NetlinkError? failure = null;
            while (Receive(Libc.MSG_DONTWAIT) is var length and > 0)
            {
                for (var rest = _buffer.AsSpan(0, length); NextMessage(ref rest, out var type, out var sequence, out var flags, out var body);)
                {
                    if (type != Libc.NLMSG_ERROR || sequence - first >= batch.Count || failure is not null)
                        continue;
                    failure = ParseError(batch, (int)(sequence - first), flags, body);
                }
            }

            return failure;
        }
    }

    /// <summary>Sends a dump request and gives each answer's type and body (fixed struct and attributes) to <paramref name="item"/>.</summary>
    internal void Dump(NetlinkWriter request, DumpItem item)
    {
        lock (_gate)
        {
            var first = _sequence++;
            request.Number(first);
            Send(request.Bytes);
            while (true)
            {
                var length = Receive(0);
                for (var rest = _buffer.AsSpan(0, length); NextMessage(ref rest, out var type, out var sequence, out var flags, out var body);)
                {
                    if (sequence != first)
                        continue;
                    if (type == Libc.NLMSG_DONE)
                        return;
                    if (type == Libc.NLMSG_ERROR)
                    {
                        if (ParseError(request, 0, flags, body) is { } error)
                            throw error.ToException();
                        return;
                    }

                    item(type, body);
                }
            }
        }
    }

    internal delegate void DumpItem(ushort type, ReadOnlySpan<byte> body);

    /// <summary>Joins a multicast group, for <see cref="Wait"/>.</summary>
    internal void Join(int group) => Errno.Check(SetOption(Libc.NETLINK_ADD_MEMBERSHIP, group), "setsockopt", "netlink group");

    /// <summary>Blocks for the next notifications and gives each to <paramref name="item"/>; false when messages were lost (the reader was too slow).</summary>
    /// <exception cref="LinuxException">The socket was shut down.</exception>
    internal bool Wait(DumpItem item)
    {
        int length;
        try
        {
            length = Receive(0);
        }
        catch (LinuxException e) when (e.Number == 105 /* ENOBUFS */)
        {
            return false;
        }

        for (var rest = _buffer.AsSpan(0, length); NextMessage(ref rest, out var type, out _, out _, out var body);)
            item(type, body);
        return true;
    }

    /// <summary>Sets how long <see cref="Wait"/> blocks before it throws EAGAIN.</summary>
    internal void SetReceiveTimeout(TimeSpan timeout)
    {
        var value = stackalloc long[2] { (long)timeout.TotalSeconds, timeout.Milliseconds * 1000L };
        Errno.Check(Libc.setsockopt(_handle.Number, Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, value, 16), "setsockopt");
    }

    public void Dispose() => _handle.Dispose();

    private static NetlinkError? ParseError(NetlinkWriter batch, int index, ushort flags, ReadOnlySpan<byte> body)
    {
        var errno = -BinaryPrimitives.ReadInt32LittleEndian(body);
        if (errno == 0)
            return null;
        string? text = null;
        if ((flags & Libc.NLM_F_ACK_TLVS) != 0)
        {
            // error, the request's header, and unless capped its body; then the attributes.
            var skip = 4 + ((flags & Libc.NLM_F_CAPPED) != 0 ? NetlinkWriter.HeaderLength : BinaryPrimitives.ReadInt32LittleEndian(body[4..]));
            for (var reader = new NetlinkReader(body[Math.Min(skip, body.Length)..]); reader.Read();)
            {
                if (reader.Type == Libc.NLMSGERR_ATTR_MSG)
                    text = reader.Text;
            }
        }

        var (call, subject) = batch.Describe(index);
        return new NetlinkError(index, errno, call, subject, text);
    }

    private static bool NextMessage(ref Span<byte> rest, out ushort type, out uint sequence, out ushort flags, out ReadOnlySpan<byte> body)
    {
        (type, sequence, flags) = (0, 0, 0);
        body = default;
        if (rest.Length < NetlinkWriter.HeaderLength)
            return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        if (length < NetlinkWriter.HeaderLength || length > rest.Length)
            return false;
        type = BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]);
        flags = BinaryPrimitives.ReadUInt16LittleEndian(rest[6..]);
        sequence = BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]);
        body = rest[NetlinkWriter.HeaderLength..length];
        rest = rest[Math.Min(rest.Length, (length + 3) & ~3)..];
        return true;
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        var kernel = new Libc.sockaddr_nl { nl_family = Libc.AF_NETLINK };
        nint sent;
        fixed (byte* pointer = bytes)
        {
            do
                sent = Libc.sendto(_handle.Number, pointer, (nuint)bytes.Length, 0, &kernel, (uint)sizeof(Libc.sockaddr_nl));
            while (sent < 0 && Errno.Last == Errno.EINTR);
        }

        Errno.Check(sent, "sendto", "netlink");
    }

    /// <summary>Bytes received, or 0 when nothing is there (with MSG_DONTWAIT).</summary>
    private int Receive(int flags)
    {
        nint received;
        fixed (byte* pointer = _buffer)
        {
            do
                received = Libc.recv(_handle.Number, pointer, (nuint)_buffer.Length, flags);
            while (received < 0 && Errno.Last == Errno.EINTR);
        }

        if (received < 0 && Errno.Last == Errno.EAGAIN && (flags & Libc.MSG_DONTWAIT) != 0)
            return 0;
        return (int)Errno.Check(received, "recv", "netlink");
    }

    private int SetOption(int option, int value) => Libc.setsockopt(_handle.Number, Libc.SOL_NETLINK, option, &value, sizeof(int));
}
