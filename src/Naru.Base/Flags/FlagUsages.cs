using System.Text;

namespace Naru.Base.Flags;

/// <summary>The table of flags in a help text, aligned and wrapped as pflag prints it.</summary>
public static class FlagUsages
{
    /// <param name="columns">The width to wrap at; 0 wraps nowhere.</param>
    /// <param name="translate">Gives the words of a usage in the reader's language; null leaves them.</param>
    public static string Format(IEnumerable<Flag> flags, int columns, Func<string, string>? translate = null)
    {
        var lines = new List<(string Left, string Right)>();
        foreach (var flag in flags.Where(flag => !flag.Hidden).OrderBy(flag => flag.Name, StringComparer.Ordinal))
        {
            var (value, usage) = Unquote(flag, translate?.Invoke(flag.Usage) ?? flag.Usage);
            var left = new StringBuilder(flag.Shorthand is { } letter ? $"  -{letter}, --{flag.Name}" : $"      --{flag.Name}");
            if (value.Length > 0)
                left.Append(' ').Append(value);
            if (flag.NoOptDefault is { } implied && !(flag.Type.Length == 0 && implied == "true"))
                left.Append(flag.Type == "string" ? $"[=\"{implied}\"]" : $"[={implied}]");
            var right = flag.DefaultText.Length == 0 ? usage : usage + " " + (translate?.Invoke("(default {0})") ?? "(default {0})").Replace("{0}", flag.DefaultText);
            lines.Add((left.ToString(), right));
        }

        if (lines.Count == 0)
            return "";
        var width = lines.Max(line => line.Left.Length) + 1;
        var text = new StringBuilder();
        foreach (var (left, right) in lines)
            text.Append(left).Append(' ', width - left.Length + 2).Append(Wrap(width + 2, columns, right)).Append('\n');
        return text.ToString();
    }

    private static (string Value, string Usage) Unquote(Flag flag, string usage)
    {
        var open = usage.IndexOf('`');
        var close = open < 0 ? -1 : usage.IndexOf('`', open + 1);
        return close < 0 ? (flag.Type, usage) : (usage[(open + 1)..close], usage.Remove(close, 1).Remove(open, 1));
    }

    private static string Wrap(int indent, int columns, string text)
    {
        var margin = "\n" + new string(' ', indent);
        if (columns == 0)
            return text.Replace("\n", margin);
        var width = columns - indent;
        var wrapped = new StringBuilder();
        if (width < 24)
        {
            margin = "\n" + new string(' ', 16);
            width = columns - 16;
            wrapped.Append(margin);
        }

        if (width < 24)
            return text.Replace("\n", wrapped.ToString());
        const int Slop = 5;
        width -= Slop;
        for (var first = true; first || text.Length > 0; first = false)
        {
            var cut = CutAt(width, Slop, text);
            if (!first)
                wrapped.Append(margin);
            wrapped.Append((cut < 0 ? text : text[..cut]).Replace("\n", margin));
            text = cut < 0 ? "" : text[(cut + 1)..];
        }

        return wrapped.ToString();
    }

    /// <summary>Where the next line ends, or -1 when the rest fits. Widths are columns of a terminal: Hangul takes two.</summary>
    private static int CutAt(int width, int slop, string text)
    {
        if (Fitting(text, width + slop - 1) == text.Length)
            return -1;
        var head = text.AsSpan(0, Fitting(text, width));
        var blank = head.LastIndexOfAny(" \t\n");
        if (blank <= 0)
            return -1;
        var line = head.LastIndexOf('\n');
        return line > 0 && line < blank ? line : blank;
    }

    /// <summary>How many letters of the text stand within so many columns.</summary>
    private static int Fitting(string text, int columns)
    {
        var used = 0;
        for (var index = 0; index < text.Length; index++)
        {
            used += IsWide(text[index]) ? 2 : 1;
            if (used > columns)
                return index;
        }

        return text.Length;
    }

    private static bool IsWide(char letter) => letter is >= '\u1100' and <= '\u115f' or >= '\u2e80' and <= '\ua4cf' or >= '\uac00' and <= '\ud7a3' or >= '\uf900' and <= '\ufaff' or >= '\uff00' and <= '\uff60';
}
