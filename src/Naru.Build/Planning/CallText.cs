using System.Text;

namespace Naru.Build.Planning;

/// <summary>Tables of <c>--call</c>'s answers.</summary>
internal static class CallText
{
    /// <summary>Appends rows in columns; the last cell of a row is not padded.</summary>
    public static void Append(StringBuilder text, List<string[]> rows, int gap)
    {
        var widths = new int[rows[0].Length];
        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length; column++)
                widths[column] = Math.Max(widths[column], row[column].Length);
        }

        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length - 1; column++)
                text.Append(row[column].PadRight(widths[column] + gap));
            text.Append(row[^1]).Append('\n');
        }
    }
}
