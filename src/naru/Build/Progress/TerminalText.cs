using System.Text;

namespace Naru.Cli.Build.Progress;

/// <summary>Text made fit for a line of a terminal: nothing in it moves the cursor, and its width in columns is known. Hangul and the like take two.</summary>
internal static class TerminalText
{
    /// <summary>The text cut to so many columns and filled up with blanks.</summary>
    public static string Fit(string text, int columns)
    {
        var fitted = new StringBuilder(columns);
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var width = Width(rune);
            if (used + width > columns)
                break;
            fitted.Append(rune);
            used += width;
        }

        return fitted.Append(' ', columns - used).ToString();
    }

    /// <summary>A line of a program's output without colours and other commands to the terminal; of a line that was written over, what was written last.</summary>
    public static string Plain(string line)
    {
        line = line.TrimEnd('\r');
        line = line[(line.LastIndexOf('\r') + 1)..];
        var plain = new StringBuilder(line.Length);
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] == '\x1b')
                at = EndOfCommand(line, at);
            else if (line[at] == '\t')
                plain.Append(' ', 8 - plain.Length % 8);
            else if (!char.IsControl(line[at]))
                plain.Append(line[at]);
        }

        return plain.ToString();
    }

    /// <summary>The last character of the escape sequence that begins here: ESC [ … letter, ESC ] … BEL or ESC \, or ESC and one more.</summary>
    private static int EndOfCommand(string line, int at)
    {
        if (at + 1 >= line.Length)
            return at;
        var end = at + 1;
        if (line[end] == '[')
        {
            do
                end++;
            while (end < line.Length && line[end] is < '@' or > '~');
        }
        else if (line[end] == ']')
        {
            do
                end++;
            while (end < line.Length && line[end] != '\a' && !(line[end] == '\\' && line[end - 1] == '\x1b'));
        }

        return end;
    }

    private static int Width(Rune rune) => rune.Value switch
    {
        < 0x20 or (>= 0x7f and < 0xa0) or 0x200b or (>= 0x300 and <= 0x36f) => 0,
        (>= 0x1100 and <= 0x115f) or (>= 0x2e80 and <= 0xa4cf) or (>= 0xac00 and <= 0xd7a3) or (>= 0xf900 and <= 0xfaff) or (>= 0xfe30 and <= 0xfe6f)
            or (>= 0xff00 and <= 0xff60) or (>= 0xffe0 and <= 0xffe6) or (>= 0x1f300 and <= 0x1faff) or (>= 0x20000 and <= 0x3fffd) => 2,
        _ => 1,
    };
}
