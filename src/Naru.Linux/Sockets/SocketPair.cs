using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>Two connected unix stream sockets, for a process and its child: bytes both ways, and descriptors (SCM_RIGHTS) with them.</summary>
public static unsafe class SocketPair
{
    /// <summary>As many descriptors as one message takes (the kernel's SCM_MAX_FD).</summary>
    public const int MostDescriptors = 253;

    /// <summary>socketpair(2), close-on-exec at both ends.</summary>
    public static (SafeFileHandle, SafeFileHandle) Create() => Create(Libc.SOCK_STREAM);

    /// <summary>As <see cref="Create()"/>, of a kind that keeps what is written at once together (SOCK_SEQPACKET).</summary>
    public static (SafeFileHandle, SafeFileHandle) CreatePackets() => Create(Libc.SOCK_SEQPACKET);

    private static (SafeFileHandle, SafeFileHandle) Create(int kind)
    {
        var ends = stackalloc int[2];
        Errno.Check(Libc.socketpair(Libc.AF_UNIX, kind | Libc.SOCK_CLOEXEC, 0, ends), "socketpair");
        return (new SafeFileHandle(ends[0], true), new SafeFileHandle(ends[1], true));
    }

    /// <summary>Sends bytes, of which there must be some, and copies of <paramref name="handles"/> with them.</summary>
    public static void Send(SafeFileHandle socket, ReadOnlySpan<byte> bytes, IReadOnlyList<SafeFileHandle> handles)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(handles.Count, MostDescriptors);
        fixed (byte* data = bytes)
        {
            var part = new Libc.descriptor_iovec { iov_base = data, iov_len = (nuint)bytes.Length };
            // struct cmsghdr (length, level and type), then the descriptors, padded to 8 bytes
            var length = 16 + 4 * handles.Count;
            var control = stackalloc ulong[2 + (handles.Count + 1) / 2];
            (control[0], control[1]) = ((ulong)length, Libc.SOL_SOCKET | (ulong)Libc.SCM_RIGHTS << 32);
            for (var index = 0; index < handles.Count; index++)
                ((int*)(control + 2))[index] = Files.Raw(handles[index]);
            var message = new Libc.descriptor_msghdr { msg_iov = &part, msg_iovlen = 1, msg_control = control, msg_controllen = (nuint)(length + 7 & ~7) };
            nint sent;
            do
                sent = Libc.sendmsg(Files.Raw(socket), &message, Libc.MSG_NOSIGNAL);
            while (sent < 0 && Errno.Last == Errno.EINTR);
            Errno.Check(sent, "sendmsg");
            if (sent < bytes.Length)
                Files.Write(socket, bytes[(int)sent..]);
        }
    }

    /// <summary>Receives at most <paramref name="buffer"/>'s length of bytes; what descriptors come with them are added to <paramref name="handles"/>.</summary>
    /// <returns>Bytes received; 0: the other end is closed.</returns>
    public static int Receive(SafeFileHandle socket, Span<byte> buffer, ICollection<SafeFileHandle> handles)
    {
        fixed (byte* data = buffer)
        {
            var part = new Libc.descriptor_iovec { iov_base = data, iov_len = (nuint)buffer.Length };
            const int room = 2 + (MostDescriptors + 1) / 2;
            var control = stackalloc ulong[room];
            var message = new Libc.descriptor_msghdr { msg_iov = &part, msg_iovlen = 1, msg_control = control, msg_controllen = room * 8 };
            nint count;
            do
                count = Libc.descriptor_recvmsg(Files.Raw(socket), &message, Libc.MSG_CMSG_CLOEXEC);
            while (count < 0 && Errno.Last == Errno.EINTR);
            Errno.Check(count, "recvmsg");
            if (message.msg_controllen >= 16 && control[1] == (Libc.SOL_SOCKET | (ulong)Libc.SCM_RIGHTS << 32))
            {
                for (var index = 0; index < ((int)control[0] - 16) / 4; index++)
                    handles.Add(new SafeFileHandle(((int*)(control + 2))[index], true));
            }

            return (int)count;
        }
    }
}
