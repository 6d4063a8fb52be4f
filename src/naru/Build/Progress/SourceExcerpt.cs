using System.Globalization;
using System.Text;
using Naru.Rpc.Llb;

namespace Naru.Cli.Build.Progress;

/// <summary>The lines of a Dockerfile that an error or a warning is about, marked, with a few around them.</summary>
internal static class SourceExcerpt
{
    private const int Around = 4;
    private const string Rule = "--------------------\n";

    public static void Write(StringBuilder text, SourceInfo? info, IReadOnlyList<Rpc.Llb.Range> ranges)
    {
        if (info is null || ranges.Count == 0)
            return;
        var lines = info.Data.ToStringUtf8().Split('\n');
        var (first, last) = (Line(ranges[0].Start), Line(ranges[^1].End));
        if (first <= 0 || last < first || last > lines.Length)
            return;
        // As many lines around as make the excerpt about as long for one line as for several.
        var pad = Around - (last - first + 1) < 1 ? 1 : (Around - (last - first + 1) + 1) / 2;
        var (from, to) = (Math.Max(1, first - pad), Math.Min(lines.Length, last + pad));
        while (to - from + 1 < Around && (from > 1 || to < lines.Length))
        {
            if (from > 1)
                from--;
            if (to < lines.Length && to - from + 1 < Around)
                to++;
        }

        text.Append(info.Filename).Append(':').Append(first.ToString(CultureInfo.InvariantCulture)).Append('\n').Append(Rule);
        for (var number = from; number <= to; number++)
        {
            var meant = false;
            foreach (var range in ranges)
                meant |= number >= Line(range.Start) && number <= Math.Max(Line(range.Start), Line(range.End));
            text.Append(number.ToString(CultureInfo.InvariantCulture).PadLeft(4)).Append(" | ").Append(meant ? ">>> " : "    ").Append(lines[number - 1]).Append('\n');
        }

        text.Append(Rule);
    }

    private static int Line(Position? position) => position?.Line ?? 0;
}
