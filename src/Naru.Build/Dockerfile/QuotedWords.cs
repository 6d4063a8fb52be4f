using System.Text;

namespace Naru.Build.Dockerfile;

/// <summary>Words parted by blanks that no quote or escape protects; quotes and escapes stay in the words (ENV, LABEL, ARG).</summary>
internal static class QuotedWords
{
    public static List<string> Split(string text, char escape)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                if (word.Length > 0)
                    words.Add(word.ToString());
                word.Clear();
                continue;
            }

            if (letter == quote)
                quote = '\0';
            else if (quote == '\0' && letter is '\'' or '"')
                quote = letter;
            // Within single quotes an escape is a letter like others.
            if (letter == escape && quote != '\'')
            {
                if (at + 1 == text.Length)
                    break;
                word.Append(letter);
                letter = text[++at];
            }

            word.Append(letter);
        }

        if (word.Length > 0)
            words.Add(word.ToString());
        return words;
    }
}
