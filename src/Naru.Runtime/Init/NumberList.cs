using System.Globalization;
using Naru.Base;

namespace Naru.Runtime.Init;

/// <summary>The kernel's form of a set of CPUs or memory nodes: «0-3,7».</summary>
internal static class NumberList
{
    /// <param name="trouble">What the error begins with.</param>
    /// <param name="limit">All numbers are below it.</param>
    /// <returns>In the order of the text; empty where there is none.</returns>
    /// <exception cref="NaruException">InvalidArgument</exception>
    public static IReadOnlyList<int> Parse(string? text, string trouble, int limit)
    {
        var numbers = new List<int>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', 2);
            var (first, last) = (NumberOf(ends[0], trouble), NumberOf(ends[^1], trouble));
            if (first > last)
                throw NaruException.Invalid($"{trouble}: invalid range: {part}");
            if (last >= limit)
                throw NaruException.Invalid($"{trouble}: values larger than {limit - 1} are not supported");
            for (var number = first; number <= last; number++)
                numbers.Add(number);
        }

        return numbers;
    }

    private static int NumberOf(string text, string trouble) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw NaruException.Invalid($"{trouble}: strconv.ParseUint: parsing \"{text}\": invalid syntax");
}
