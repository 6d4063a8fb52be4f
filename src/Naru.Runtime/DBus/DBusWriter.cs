using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Naru.Runtime.DBus;

/// <summary>Marshals values, little-endian, each aligned from the start of what is written (D-Bus specification, «Marshalling»).</summary>
internal sealed class DBusWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    public int Length => _buffer.WrittenCount;

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Byte(byte value) => Append([value]);

    public void UInt32(uint value)
    {
        Align(4);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        Append(bytes);
    }

    /// <summary>s and o: the length in four bytes, the text, a zero.</summary>
    public void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        UInt32((uint)bytes.Length);
        Append(bytes);
        Byte(0);
    }

    /// <summary>g: as a text, with its length in one byte.</summary>
    public void Signature(string signature)
    {
        Byte((byte)signature.Length);
        Append(Encoding.ASCII.GetBytes(signature));
        Byte(0);
    }

    public void Align(int boundary)
    {
        while (Length % boundary != 0)
            Byte(0);
    }

    public void Append(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    public void Value(DBusValue value)
    {
        switch (value)
        {
            case DBusValue.Number number:
                Number(number);
                break;
            case DBusValue.Text { Type: 'g' } text:
                Signature(text.Value);
                break;
            case DBusValue.Text text:
                Text(text.Value);
                break;
            case DBusValue.Array array:
                Array(array);
                break;
            case DBusValue.Struct fields:
                Align(8);
                foreach (var field in fields.Fields)
                    Value(field);
                break;
            case DBusValue.Entry entry:
                Align(8);
                Value(entry.Key);
                Value(entry.Value);
                break;
            case DBusValue.Variant variant:
                Signature(variant.Inner.Signature);
                Value(variant.Inner);
                break;
        }
    }

    /// <summary>The boundary that a type's values begin at, by the first letter of its signature.</summary>
    public static int AlignmentOf(char type) => type switch
    {
        'y' or 'g' or 'v' => 1,
        'n' or 'q' => 2,
        'x' or 't' or 'd' or '(' or '{' => 8,
        _ => 4,
    };

    private void Number(DBusValue.Number number)
    {
        var size = number.Type == 'y' ? 1 : AlignmentOf(number.Type);
        Align(size);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number.Bits);
        Append(bytes[..size]);
    }

    /// <summary>The length of an array does not count what aligns its first item, which is there for an empty one too.</summary>
    private void Array(DBusValue.Array array)
    {
        Align(4);
        var items = new DBusWriter();
        // Where the items will begin decides how they are aligned in themselves: at a multiple of eight, or four past it.
        var start = Length + 4;
        while (start % AlignmentOf(array.Element[0]) != 0)
            start++;
        items.Pad(start % 8);
        foreach (var item in array.Items)
            items.Value(item);
        UInt32((uint)(items.Length - start % 8));
        Align(AlignmentOf(array.Element[0]));
        Append(items.Written[(start % 8)..]);
    }

    private void Pad(int count) => Append(new byte[count]);
}
