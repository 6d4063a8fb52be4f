using System.Globalization;
using Naru.Base.Flags;

namespace Naru.Base.Units;

/// <summary>Go's time.Duration, in nanoseconds: "1h2m3.5s".</summary>
public static class GoDuration
{
    public const long Microsecond = 1_000, Millisecond = 1_000_000, Second = 1_000_000_000, Minute = 60 * Second, Hour = 60 * Minute;

    /// <exception cref="FlagException">With time.ParseDuration's text.</exception>
    public static long Parse(string text)
    {
        var rest = text.AsSpan();
        var negative = false;
        if (rest.Length > 0 && rest[0] is '-' or '+')
        {
            negative = rest[0] == '-';
            rest = rest[1..];
        }

        if (rest is "0")
            return 0;
        if (rest.IsEmpty)
            throw Invalid(text);
        decimal sum = 0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits == 0)
                throw Invalid(text);
            if (digits < 0)
                throw new FlagException($"time: missing unit in duration {GoText.Quote(text)}");
            if (!decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                throw Invalid(text);
            rest = rest[digits..];
            var letters = rest.IndexOfAny("0123456789.");
            var unit = letters < 0 ? rest : rest[..letters];
            decimal scale = unit switch
            {
                "ns" => 1,
                "us" or "µs" or "μs" => Microsecond,
                "ms" => Millisecond,
                "s" => Second,
                "m" => Minute,
                "h" => Hour,
                _ => throw new FlagException($"time: unknown unit {GoText.Quote(unit.ToString())} in duration {GoText.Quote(text)}"),
            };
            if (number > long.MaxValue / scale)
                throw Invalid(text);
            sum += number * scale;
            rest = rest[unit.Length..];
        }

        if (sum > long.MaxValue)
            throw Invalid(text);
        return negative ? -(long)sum : (long)sum;
    }

    /// <summary>Duration.String(): "1m30s", "1.5s", "300ms", "0s".</summary>
    public static string Format(long nanoseconds)
    {
        if (nanoseconds == 0)
            return "0s";
        var sign = nanoseconds < 0 ? "-" : "";
        var value = nanoseconds < 0 ? (ulong)-(nanoseconds + 1) + 1 : (ulong)nanoseconds;
        if (value < Microsecond)
            return $"{sign}{value}ns";
        if (value < Millisecond)
            return sign + Number(value, Microsecond) + "µs";
        if (value < Second)
            return sign + Number(value, Millisecond) + "ms";
        var hours = value / (ulong)Hour;
        var minutes = value / (ulong)Minute % 60;
        var seconds = Number(value % (ulong)Minute, Second) + "s";
        return sign + (hours > 0 ? $"{hours}h{minutes}m" : minutes > 0 ? $"{minutes}m" : "") + seconds;
    }

    private static string Number(ulong value, long unit) => ((decimal)value / unit).ToString("0.#########", CultureInfo.InvariantCulture);

    private static FlagException Invalid(string text) => new($"time: invalid duration {GoText.Quote(text)}");
}
