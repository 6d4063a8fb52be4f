using System.Globalization;
using Naru.Base;

namespace Naru.Runtime.Init;

/// <summary>The kernel's form of a set of CPUs or memory nodes: «0-3,7».</summary>
internal static class NumberList
{
    /// <param name="what">Named in the error.</param>
    /// <param name="limit">All numbers are below it.</param>
    /// <returns>In the order of the text; empty where there is none.</returns>
    /// <exception cref="NaruException">InvalidArgument</exception>
    public static IReadOnlyList<int> Parse(string? text, string what, int limit)
    {
        var numbers = new List<int>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', 2);
            if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) || first > last || last >= limit)
                throw NaruException.Invalid($"invalid {what} \"{text}\": want a list such as 0-3,7");
            numbers.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return numbers;
    }
}
