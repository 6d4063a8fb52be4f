using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;

namespace Naru.Runtime.Init;

/// <summary>The words between the runtime and the container's process while it sets itself up, over a pair of sockets that closes at execve. A word may carry bytes or descriptors.</summary>
/// <remarks>
/// Both work at the same time, and wait for each other only where one needs what the other has made.
/// Runtime to process: Mapped (a user namespace's ids), Grouped (the cgroup is there; its doors), Limited (its limits too: it may enter), Filter (seccomp's flags, 4 bytes, and program; nothing
/// where there is none), Moved (so are the network devices), Hooked (the runtime's hooks ran), Start (run only; create starts by exec.fifo).
/// Process to runtime: Separated (it is in its network namespace, and waits for the devices), Sources (open those of the mounts), Mounted (run the runtime's hooks now), Listening (the number
/// of seccomp's listener, 4 bytes), Ready (about to wait for the start), Error and its text.
/// On the wire: the word, 4 bytes of the bytes' length, the bytes.
/// </remarks>
internal sealed class Channel : IDisposable
{
    public const byte Mapped = (byte)'i', Grouped = (byte)'g', Limited = (byte)'l', Filter = (byte)'f', Hooked = (byte)'h', Start = (byte)'s',
        Moved = (byte)'v', Separated = (byte)'p', Sources = (byte)'o', Mounted = (byte)'m', Listening = (byte)'n', Ready = (byte)'r', Error = (byte)'e';

    private const int HeaderLength = 5;

    private readonly SafeFileHandle _runtimes;
    private readonly SafeFileHandle _childs;
    private SafeFileHandle _own;

    public Channel()
    {
        (_runtimes, _childs) = SocketPair.Create();
        _own = _runtimes;
    }

    /// <summary>After the fork: each side keeps its own end only, so that the other's end is seen.</summary>
    public void BecomeChild()
    {
        _own = _childs;
        _runtimes.Dispose();
    }

    public void BecomeParent() => _childs.Dispose();

    public void Send(byte word, ReadOnlySpan<byte> bytes = default)
    {
        var message = new byte[HeaderLength + bytes.Length];
        message[0] = word;
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(1), bytes.Length);
        bytes.CopyTo(message.AsSpan(HeaderLength));
        try
        {
            Files.Write(_own, message);
        }
        catch (LinuxException ended) when (ended.Number == Errno.EPIPE)
        {
            Drain();
            throw;
        }
    }

    /// <summary>Parent: what the child said before it ended, if that was an error, is the error.</summary>
    /// <exception cref="NaruException">The child's error.</exception>
    public void Drain()
    {
        while (Next() is not null)
        {
        }
    }

    /// <summary>A word with descriptors in place of bytes.</summary>
    public void Send(byte word, IReadOnlyList<SafeFileHandle> handles) => SocketPair.Send(_own, [word, 0, 0, 0, 0], handles);

    public void SendError(string message) => Send(Error, Encoding.UTF8.GetBytes(message));

    /// <summary>Child: waits for a word, and returns its bytes; the runtime's end is the child's end too.</summary>
    public byte[] Await(byte word) => TryReceive() is { } message && message.Word == word ? message.Bytes : Leave();

    /// <summary>Child: waits for a word that brings descriptors.</summary>
    public IReadOnlyList<SafeFileHandle> AwaitDescriptors(byte word)
    {
        var handles = new List<SafeFileHandle>();
        Span<byte> header = stackalloc byte[HeaderLength];
        if (SocketPair.Receive(_own, header, handles) != HeaderLength || header[0] != word)
            Leave();
        return handles;
    }

    /// <summary>Parent: the next word and its bytes, or null when the child has executed its program or ended.</summary>
    /// <exception cref="NaruException">The child's error.</exception>
    public (byte Word, byte[] Bytes)? Next()
    {
        var message = TryReceive();
        return message is { Word: Error } ? throw new NaruException(ErrorKind.Internal, Encoding.UTF8.GetString(message.Value.Bytes)) : message;
    }

    public void Dispose()
    {
        _runtimes.Dispose();
        _childs.Dispose();
    }

    private (byte Word, byte[] Bytes)? TryReceive()
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        if (!TryFill(header))
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(header[1..]);
        var bytes = length == 0 ? [] : new byte[length];
        return TryFill(bytes) ? (header[0], bytes) : null;
    }

    private bool TryFill(Span<byte> buffer)
    {
        for (int used = 0, count; used < buffer.Length; used += count)
        {
            count = TryRead(buffer[used..]);
            if (count == 0)
                return false;
        }

        return true;
    }

    /// <summary>A process that ends with words unread resets the connection: that is its end as well.</summary>
    private int TryRead(Span<byte> buffer)
    {
        try
        {
            return Files.Read(_own, buffer);
        }
        catch (LinuxException ended) when (ended.Number == Errno.ECONNRESET)
        {
            return 0;
        }
    }

    private static byte[] Leave()
    {
        Processes.Exit(1);
        return [];
    }
}
