using System.Buffers.Binary;
using System.Buffers.Text;
using Naru.Base;

namespace Naru.Images;

/// <summary>The 512-byte header block: where its fields are, and how its numbers are written.</summary>
/// <remarks>POSIX pax interchange format; GNU tar manual, "Basic Tar Format".</remarks>
internal static class TarHeader
{
    public const int BlockSize = 512;

    public static readonly Range Name = 0..100, Mode = 100..108, Uid = 108..116, Gid = 116..124, Size = 124..136, Time = 136..148,
        Checksum = 148..156, LinkName = 157..257, Magic = 257..263, Version = 263..265, UserName = 265..297, GroupName = 297..329,
        Major = 329..337, Minor = 337..345, Prefix = 345..500;

    public const int Type = 156;

    /// <summary>True for bytes that begin with a header of one of today's formats (pax, GNU): they are a tar.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> start) => start.Length >= BlockSize && start[Magic].StartsWith("ustar"u8);

    /// <summary>A field's text up to its NUL.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    /// <summary>Octal digits, or GNU's base 256 when the first bit is set.</summary>
    /// <exception cref="NaruException">InvalidArgument.</exception>
    public static long Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
            return Base256(field);
        var digits = Text(field).Trim((byte)' ');
        long value = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7' || value >> 60 != 0)
                throw NaruException.Invalid("archive/tar: invalid tar header");
            value = (value << 3) + (digit - '0');
        }

        return value;
    }

    /// <summary>True when the header's checksum is right, by unsigned or by the old signed sum.</summary>
    public static bool IsChecksumRight(ReadOnlySpan<byte> block)
    {
        var (unsigned, signed) = Sums(block);
        var stored = Number(block[Checksum]);
        return stored == unsigned || stored == signed;
    }

    public static (int Unsigned, int Signed) Sums(ReadOnlySpan<byte> block)
    {
        int unsigned = 0, signed = 0;
        for (var i = 0; i < BlockSize; i++)
        {
            var value = i is >= 148 and < 156 ? (byte)' ' : block[i];
            unsigned += value;
            signed += (sbyte)value;
        }

        return (unsigned, signed);
    }

    /// <summary>Writes octal digits and a NUL. False when the number does not fit or is negative.</summary>
    public static bool TryOctal(Span<byte> field, long value)
    {
        var digits = field.Length - 1;
        if (value < 0 || (digits < 21 && value >> (digits * 3) != 0))
            return false;
        for (var i = digits - 1; i >= 0; i--, value >>= 3)
            field[i] = (byte)('0' + (value & 7));
        field[digits] = 0;
        return true;
    }

    /// <summary>A decimal number of a PAX record.</summary>
    public static long Decimal(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long value, out var used) && used == text.Length ? value : throw NaruException.Invalid("archive/tar: invalid tar header");

    private static long Base256(ReadOnlySpan<byte> field)
    {
        var negative = (field[0] & 0x40) != 0;
        Span<byte> wide = stackalloc byte[8];
        var low = field[^8..];
        low.CopyTo(wide);
        if (field.Length == 8)
            wide[0] = negative ? (byte)(wide[0] | 0x80) : (byte)(wide[0] & 0x7F);
        else
        {
            var filler = negative ? (byte)0xFF : (byte)0;
            if ((negative ? field[0] : (byte)(field[0] & 0x7F)) != filler || field[1..^8].ContainsAnyExcept(filler))
                throw NaruException.Invalid("archive/tar: invalid tar header");
        }

        return BinaryPrimitives.ReadInt64BigEndian(wide);
    }
}
