using System.Text;

namespace Naru.Cli.Output;

/// <summary>Go's text/tabwriter as Docker sets it: cells end with a tab, columns are as wide as their widest cell and some blanks.</summary>
/// <remarks>A column is a run of neighbouring lines that have a cell there, so a block of lines with fewer cells ends it.</remarks>
internal static class TabWriter
{
    public static string Align(string text, int minimumWidth = 10, int padding = 3)
    {
        var lines = text.Split('\n').Select(line => line.Split('\t')).ToList();
        var widths = lines.Select(cells => new int[cells.Length]).ToList();
        Measure(lines, widths, 0, lines.Count, 0, minimumWidth, padding);
        var aligned = new StringBuilder(text.Length * 2);
        for (var line = 0; line < lines.Count; line++)
        {
            if (line > 0)
                aligned.Append('\n');
            for (var cell = 0; cell < lines[line].Length; cell++)
            {
                aligned.Append(lines[line][cell]);
                if (cell < lines[line].Length - 1)
                    aligned.Append(' ', widths[line][cell] - Width(lines[line][cell]));
            }
        }

        return aligned.ToString();
    }

    private static void Measure(List<string[]> lines, List<int[]> widths, int from, int to, int column, int minimum, int padding)
    {
        for (var line = from; line < to; line++)
        {
            if (lines[line].Length - 1 <= column)
                continue;
            var end = line;
            var width = minimum;
            for (; end < to && lines[end].Length - 1 > column; end++)
                width = Math.Max(width, Width(lines[end][column]) + padding);
            for (var member = line; member < end; member++)
                widths[member][column] = width;
            Measure(lines, widths, line, end, column + 1, minimum, padding);
            line = end - 1;
        }
    }

    private static int Width(string cell) => cell.EnumerateRunes().Count();
}
