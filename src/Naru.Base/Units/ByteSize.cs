using System.Globalization;
using Naru.Base.Flags;

namespace Naru.Base.Units;

/// <summary>Sizes as go-units prints and reads them.</summary>
public static class ByteSize
{
    private static readonly string[] Decimal = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
    private static readonly string[] Binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

    /// <summary>HumanSize: powers of 1000, four digits ("1.234MB").</summary>
    public static string Human(double bytes) => HumanWithPrecision(bytes, 4);

    /// <summary>HumanSizeWithPrecision.</summary>
    public static string HumanWithPrecision(double bytes, int digits) => Scaled(bytes, 1000, Decimal, digits);

    /// <summary>BytesSize: powers of 1024, four digits ("1.953GiB").</summary>
    public static string HumanBinary(double bytes) => Scaled(bytes, 1024, Binary, 4);

    /// <summary>RAMInBytes: "512m", "1.5g", "10KiB": powers of 1024.</summary>
    /// <exception cref="FlagException">With go-units' text.</exception>
    public static long ParseRam(string text) => Parse(text, 1024);

    /// <summary>FromHumanSize: "1kB" is 1000 bytes.</summary>
    public static long ParseDecimal(string text) => Parse(text, 1000);

    private static string Scaled(double value, double step, string[] units, int digits)
    {
        var unit = 0;
        for (; value >= step && unit < units.Length - 1; unit++)
            value /= step;
        return GoNumber.General(value, digits) + units[unit];
    }

    private static long Parse(string text, long step)
    {
        var last = text.AsSpan().LastIndexOfAny("0123456789. ");
        if (last < 0)
            throw new FlagException($"invalid size: '{text}'");
        var number = text[last] == ' ' ? text[..last] : text[..(last + 1)];
        var suffix = text[(last + 1)..];
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value))
            throw new FlagException($"strconv.ParseFloat: parsing {GoText.Quote(number)}: invalid syntax");
        if (value < 0)
            throw new FlagException($"invalid size: '{text}'");
        if (suffix.Length == 0)
            return (long)value;
        var lower = suffix.ToLowerInvariant();
        var power = "bkmgtp".IndexOf(lower[0]);
        if (power < 0 || lower.Length > 3 || (lower[0] == 'b' && lower.Length > 1)
            || (lower.Length == 2 && lower[1] != 'b') || (lower.Length == 3 && lower[1..] != "ib"))
            throw new FlagException($"invalid suffix: '{suffix}'");
        return (long)(value * Math.Pow(step, power));
    }
}
