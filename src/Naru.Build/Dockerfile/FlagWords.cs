using System.Text;

namespace Naru.Build.Dockerfile;

/// <summary>The flags between an instruction's word and its arguments.</summary>
internal static class FlagWords
{
    /// <summary>Reads words that begin with <c>--</c>, quotes and backslashes resolved. <c>--</c> alone ends them.</summary>
    /// <returns>Where the arguments begin.</returns>
    public static int Read(string line, List<string> flags)
    {
        var at = 0;
        while (true)
        {
            while (at < line.Length && char.IsWhiteSpace(line[at]))
                at++;
            if (!line.AsSpan(at).StartsWith("--") || at + 1 >= line.Length)
                return at;
            var flag = ReadWord(line, ref at);
            if (flag == "--")
                return at;
            flags.Add(flag);
        }
    }

    private static string ReadWord(string line, ref int at)
    {
        var word = new StringBuilder();
        var quote = '\0';
        for (; at < line.Length; at++)
        {
            var letter = line[at];
            if (quote == '\0' && char.IsWhiteSpace(letter))
                break;
            if (letter == quote)
            {
                quote = '\0';
                continue;
            }

            if (quote == '\0' && letter is '\'' or '"')
            {
                quote = letter;
                continue;
            }

            if (letter == '\\')
            {
                if (at + 1 == line.Length)
                    continue;
                letter = line[++at];
            }

            word.Append(letter);
        }

        return word.ToString();
    }
}
