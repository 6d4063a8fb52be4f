using System.Buffers.Binary;
using Naru.Base;

namespace Naru.Runtime.DBus;

/// <summary>One message: a call, its answer, an error, or a signal.</summary>
internal sealed record DBusMessage
{
    public const byte MethodCall = 1, MethodReturn = 2, Error = 3, Signal = 4;

    /// <summary>Of the header, up to the length of its fields.</summary>
    public const int FixedBytes = 16;

    /// <summary>The specification allows 128 MiB; nothing that is asked here is answered by so much.</summary>
    private const uint Most = 16 << 20;

    public byte Type { get; init; }

    public uint Serial { get; init; }

    public string Path { get; init; } = "";

    public string Interface { get; init; } = "";

    public string Member { get; init; } = "";

    public string ErrorName { get; init; } = "";

    public string Destination { get; init; } = "";

    /// <summary>The serial of the call that this answers.</summary>
    public uint ReplySerial { get; init; }

    public string Signature { get; init; } = "";

    public byte[] Body { get; init; } = [];

    public byte[] ToBytes()
    {
        var writer = new DBusWriter();
        writer.Append([(byte)'l', Type, 0, 1]);
        writer.UInt32((uint)Body.Length);
        writer.UInt32(Serial);
        var fields = new List<DBusValue>();
        Add(fields, 1, 'o', Path);
        Add(fields, 2, 's', Interface);
        Add(fields, 3, 's', Member);
        Add(fields, 4, 's', ErrorName);
        if (ReplySerial != 0)
            fields.Add(Field(5, DBusValue.Of(ReplySerial)));
        Add(fields, 6, 's', Destination);
        Add(fields, 8, 'g', Signature);
        writer.Value(new DBusValue.Array("(yv)", fields));
        writer.Align(8);
        writer.Append(Body);
        return writer.Written.ToArray();
    }

    /// <summary>How many bytes the message has that begins with these; null while there are less than <see cref="FixedBytes"/>.</summary>
    /// <exception cref="NaruException">Internal: no message of this protocol.</exception>
    public static int? LengthOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FixedBytes)
            return null;
        if (bytes[0] != 'l' || bytes[3] != 1)
            throw new NaruException(ErrorKind.Internal, "dbus: not a little-endian message of version 1");
        var body = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        var fields = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        if (body > Most || fields > Most)
            throw new NaruException(ErrorKind.Internal, "dbus: a message is too long");
        return FixedBytes + ((int)fields + 7) / 8 * 8 + (int)body;
    }

    /// <param name="bytes">All of a message.</param>
    public static DBusMessage Parse(ReadOnlySpan<byte> bytes)
    {
        var body = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        var message = new DBusMessage { Type = bytes[1], Serial = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), Body = bytes[^body..].ToArray() };
        var end = FixedBytes + (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        var reader = new DBusReader(bytes[..end]);
        while (reader.Position < FixedBytes)
            reader.Byte();
        while (!reader.AtEnd)
        {
            reader.Align(8);
            message = reader.Byte() switch
            {
                1 => message with { Path = reader.Variant() },
                2 => message with { Interface = reader.Variant() },
                3 => message with { Member = reader.Variant() },
                4 => message with { ErrorName = reader.Variant() },
                5 => message with { ReplySerial = uint.Parse(reader.Variant(), System.Globalization.CultureInfo.InvariantCulture) },
                6 => message with { Destination = reader.Variant() },
                8 => message with { Signature = reader.Variant() },
                // Sender, and what later versions may add, are of no use here.
                _ => Skip(message, ref reader),
            };
        }

        return message;
    }

    private static DBusMessage Skip(DBusMessage message, ref DBusReader reader)
    {
        reader.Variant();
        return message;
    }

    private static void Add(List<DBusValue> fields, byte code, char type, string text)
    {
        if (text.Length > 0)
            fields.Add(Field(code, new DBusValue.Text(type, text)));
    }

    private static DBusValue.Struct Field(byte code, DBusValue value) => new([new DBusValue.Number('y', code), new DBusValue.Variant(value)]);
}
