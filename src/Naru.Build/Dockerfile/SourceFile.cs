using System.Globalization;
using System.Text;

namespace Naru.Build.Dockerfile;

/// <summary>A Dockerfile's bytes and the name that errors call it by.</summary>
public sealed class SourceFile(string name, ReadOnlyMemory<byte> content)
{
    private const int LongestShown = 4000;

    private string[]? lines;

    public string Name { get; } = name;

    public ReadOnlyMemory<byte> Content { get; } = content;

    /// <summary>The lines at a range and a few around it, as BuildKit shows them; empty if the file has no such line.</summary>
    public string Show(LineRange range)
    {
        lines ??= Encoding.UTF8.GetString(Content.Span).Split('\n');
        var (first, last) = (range.Start, Math.Min(Math.Max(range.End, range.Start), lines.Length));
        if (first < 1 || first > lines.Length)
            return "";
        var (from, to) = (first, last);
        var room = first == last ? 4 : 2;
        for (var shown = 0; shown < room; shown++)
        {
            if (from > 1)
            {
                from--;
                shown++;
            }

            if (to < lines.Length)
            {
                to++;
                shown++;
            }
        }

        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Name}:{first}\n--------------------\n");
        for (var number = from; number <= to; number++)
            text.Append(CultureInfo.InvariantCulture, $" {number,3} | {(number >= first && number <= last ? ">>>" : "   ")} {Shown(lines[number - 1])}\n");
        return text.Append("--------------------\n").ToString();
    }

    // A line of megabytes tells nobody anything.
    private static string Shown(string line) => line.Length <= LongestShown ? line : line[..LongestShown] + "…";
}
