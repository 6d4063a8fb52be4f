namespace Naru.Hub.Layers;

/// <summary>Reads what <see cref="PackedWriter"/> wrote; what it cannot have written is damage.</summary>
internal ref struct PackedReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public readonly bool AtEnd => rest.IsEmpty;

    public byte Byte()
    {
        if (rest.IsEmpty)
            throw LayerIndexFormat.Damaged();
        var value = rest[0];
        rest = rest[1..];
        return value;
    }

    public long Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return (long)value;
        }

        throw LayerIndexFormat.Damaged();
    }

    public long Signed()
    {
        var value = (ulong)Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A number that counts something: never negative, never more than an int.</summary>
    public int Count()
    {
        var value = Number();
        return value is >= 0 and <= int.MaxValue ? (int)value : throw LayerIndexFormat.Damaged();
    }

    public ReadOnlySpan<byte> Bytes(int length)
    {
        if (length < 0 || length > rest.Length)
            throw LayerIndexFormat.Damaged();
        var value = rest[..length];
        rest = rest[length..];
        return value;
    }

    public ReadOnlySpan<byte> Text() => Bytes(Count());
}
