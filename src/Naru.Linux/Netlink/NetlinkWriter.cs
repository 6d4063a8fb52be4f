using System.Buffers.Binary;
using System.Text;

namespace Naru.Linux;

/// <summary>Builds one buffer of netlink messages, to be sent by one sendto and answered one acknowledgement each.</summary>
/// <remarks>netlink(7): header of 16 bytes (length, type, flags, sequence, port), then a fixed struct, then attributes
/// (length, type, value, padding to 4). Everything is in the machine's order, which is little endian on linux-x64.</remarks>
public sealed class NetlinkWriter
{
    internal const int HeaderLength = 16;

    private readonly List<(int Offset, string Call, string? Subject)> _messages = [];
    private byte[] _buffer = new byte[512];
    private int _length;
    private int _start = -1;

    internal int Count => _messages.Count;

    /// <summary>The messages as they are, sequence numbers not yet set. Valid until the next write.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    internal (string Call, string? Subject) Describe(int index) => (_messages[index].Call, _messages[index].Subject);

    /// <summary>Begins a message; <paramref name="call"/> and <paramref name="subject"/> are what an error about it will name.</summary>
    internal void Begin(ushort type, ushort flags, ReadOnlySpan<byte> body, string call, string? subject = null)
    {
        _messages.Add((_length, call, subject));
        _start = _length;
        var header = Grow(HeaderLength);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)(flags | Libc.NLM_F_REQUEST));
        body.CopyTo(Grow(body.Length));
    }

    /// <summary>Ends the message: its length is now known.</summary>
    internal void End()
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_start), _length - _start);
        _start = -1;
    }

    internal void Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        var header = Grow(4);
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], type);
        value.CopyTo(Grow(value.Length));
        Grow(-value.Length & 3);
    }

    internal void Attribute(ushort type, byte value) => Attribute(type, [value]);

    internal void Attribute(ushort type, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        Attribute(type, bytes);
    }

    /// <summary>A string with its closing zero.</summary>
    internal void Attribute(ushort type, string value) => Attribute(type, Encoding.UTF8.GetBytes(value + '\0'));

    /// <summary>Opens an attribute that holds others; give the result to <see cref="EndNest"/>.</summary>
    internal int BeginNest(ushort type)
    {
        var at = _length;
        BinaryPrimitives.WriteUInt16LittleEndian(Grow(4)[2..], (ushort)(type | Libc.NLA_F_NESTED));
        return at;
    }

    internal void EndNest(int at) => BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(at), (ushort)(_length - at));

    /// <summary>A fixed struct inside an attribute, as veth's peer has (struct ifinfomsg).</summary>
    internal void Raw(ReadOnlySpan<byte> value) => value.CopyTo(Grow(value.Length));

    /// <summary>Numbers the messages from <paramref name="first"/> on.</summary>
    internal void Number(uint first)
    {
        for (var i = 0; i < _messages.Count; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_messages[i].Offset + 8), first + (uint)i);
    }

    private Span<byte> Grow(int count)
    {
        if (_length + count > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        var span = _buffer.AsSpan(_length, count);
        span.Clear();
        _length += count;
        return span;
    }
}
