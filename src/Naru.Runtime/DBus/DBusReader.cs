using System.Buffers.Binary;
using System.Text;
using Naru.Base;

namespace Naru.Runtime.DBus;

/// <summary>Reads what <see cref="DBusWriter"/> writes: the types that systemd answers with.</summary>
/// <exception cref="NaruException">Internal: the bytes end too early.</exception>
internal ref struct DBusReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly bool AtEnd => Position >= _bytes.Length;

    public byte Byte() => Take(1)[0];

    public uint UInt32()
    {
        Align(4);
        return BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
    }

    /// <summary>s and o.</summary>
    public string Text()
    {
        var length = UInt32();
        var text = Encoding.UTF8.GetString(Take(checked((int)length)));
        Take(1);
        return text;
    }

    public string Signature()
    {
        var text = Encoding.ASCII.GetString(Take(Byte()));
        Take(1);
        return text;
    }

    /// <summary>A variant that holds a text, an object path, a signature or a number of four bytes, as text.</summary>
    public string Variant() => Signature() switch
    {
        "s" or "o" => Text(),
        "g" => Signature(),
        "u" => UInt32().ToString(System.Globalization.CultureInfo.InvariantCulture),
        var other => throw new NaruException(ErrorKind.Internal, $"dbus: an answer of type \"{other}\", want a text"),
    };

    public void Align(int boundary)
    {
        while (Position % boundary != 0)
            Take(1);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _bytes.Length - Position)
            throw new NaruException(ErrorKind.Internal, "dbus: a message ends too early");
        var taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }
}
