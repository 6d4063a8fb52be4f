using System.Buffers.Binary;
using System.Text;

namespace Naru.Linux;

/// <summary>Walks the attributes of a netlink message.</summary>
internal ref struct NetlinkReader(ReadOnlySpan<byte> attributes)
{
    private ReadOnlySpan<byte> _rest = attributes;

    public ushort Type { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    public readonly int Int32 => BinaryPrimitives.ReadInt32LittleEndian(Value);

    /// <summary>The value up to its closing zero.</summary>
    public readonly string Text
    {
        get
        {
            var end = Value.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
        }
    }

    /// <summary>Moves to the next attribute; false at the end or where the rest is malformed.</summary>
    public bool Read()
    {
        if (_rest.Length < 4)
            return false;
        var length = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        if (length < 4 || length > _rest.Length)
            return false;
        Type = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(_rest[2..]) & Libc.NLA_TYPE_MASK);
        Value = _rest[4..length];
        _rest = _rest[Math.Min(_rest.Length, (length + 3) & ~3)..];
        return true;
    }
}
