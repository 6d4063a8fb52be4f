namespace Naru.Hub.Layers;

/// <summary>Bytes that grow: numbers in 7-bit groups, lowest first, the high bit for more to come.</summary>
internal sealed class PackedWriter
{
    private byte[] bytes = new byte[4 << 10];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value)
    {
        Room(1);
        bytes[Length++] = value;
    }

    public void Number(long value)
    {
        Room(10);
        var rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7)
            bytes[Length++] = (byte)(rest | 0x80);
        bytes[Length++] = (byte)rest;
    }

    /// <summary>One that may be negative: 0, -1, 1, -2… as 0, 1, 2, 3…</summary>
    public void Signed(long value) => Number((value << 1) ^ (value >> 63));

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Room(value.Length);
        value.CopyTo(bytes.AsSpan(Length));
        Length += value.Length;
    }

    /// <summary>Its length, then the bytes.</summary>
    public void Text(ReadOnlySpan<byte> value)
    {
        Number(value.Length);
        Bytes(value);
    }

    private void Room(int more)
    {
        if (bytes.Length - Length < more)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + more));
    }
}
