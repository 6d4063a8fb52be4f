using System.Globalization;

namespace Naru.Base.Flags;

/// <summary>The basic values as Go's strconv reads them, with its error texts.</summary>
public static class FlagValues
{
    public static bool Bool(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw new FlagException($"strconv.ParseBool: parsing {GoText.Quote(text)}: invalid syntax"),
    };

    public static long Int(string text)
    {
        var digits = text.StartsWith('-') || text.StartsWith('+') ? text[1..] : text;
        var negative = text.StartsWith('-');
        if (!TryDigits(digits, out var value, out var overflow))
            throw new FlagException($"strconv.ParseInt: parsing {GoText.Quote(text)}: invalid syntax");
        if (overflow || value > (negative ? 1UL << 63 : long.MaxValue))
            throw new FlagException($"strconv.ParseInt: parsing {GoText.Quote(text)}: value out of range");
        return negative ? unchecked(-(long)value) : (long)value;
    }

    public static ulong Unsigned(string text, int bits)
    {
        if (!TryDigits(text, out var value, out var overflow))
            throw new FlagException($"strconv.ParseUint: parsing {GoText.Quote(text)}: invalid syntax");
        if (overflow || (bits < 64 && value >> bits != 0))
            throw new FlagException($"strconv.ParseUint: parsing {GoText.Quote(text)}: value out of range");
        return value;
    }

    public static double Float(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FlagException($"strconv.ParseFloat: parsing {GoText.Quote(text)}: invalid syntax");

    /// <summary>Base 0 of strconv: 0x, 0o, 0b and a leading 0 for octal; an underscore may part digits.</summary>
    private static bool TryDigits(string text, out ulong value, out bool overflow)
    {
        (value, overflow) = (0, false);
        var radix = 10u;
        if (text.Length > 1 && text[0] == '0')
        {
            (radix, text) = char.ToLowerInvariant(text[1]) switch
            {
                'x' => (16u, text[2..]),
                'b' => (2u, text[2..]),
                'o' => (8u, text[2..]),
                _ => (8u, text[1..]),
            };
        }

        if (text.Length == 0)
            return false;
        foreach (var digit in text.Replace("_", ""))
        {
            var part = char.IsAsciiHexDigit(digit) ? Convert.ToUInt32(digit.ToString(), 16) : uint.MaxValue;
            if (part >= radix)
                return false;
            var next = (UInt128)value * radix + part;
            overflow |= next > ulong.MaxValue;
            value = (ulong)next;
        }

        return true;
    }
}
