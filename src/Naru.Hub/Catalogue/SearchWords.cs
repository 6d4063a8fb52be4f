using System.Globalization;
using System.Text;

namespace Naru.Hub.Catalogue;

/// <summary>What text is searched by: its words, in lower case.</summary>
/// <remarks>
/// A word is a run of letters and digits of any script. A part of a name that is made of several, <c>map-server</c>, is a word as a whole too, so that it is found however
/// much of it is written. Korean words are found by their beginning, so that the particles that follow them do not matter.
/// </remarks>
public static class SearchWords
{
    public const int Longest = 64;
    private const int MostOfText = 200;
    private const int MostOfQuery = 6;

    /// <summary>The words by which a repository is found.</summary>
    public static List<string> Of(string name, string description)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in name.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            words.Add(Cut(part));
            Split(part, words, MostOfText);
        }

        Split(description, words, MostOfText);
        return [.. words];
    }

    /// <summary>The words that all must be found; each may be the beginning of one.</summary>
    public static List<string> OfQuery(string query)
    {
        var words = new List<string>();
        foreach (var part in query.ToLowerInvariant().Split((char[])[' ', '\t', '/', ',', ':'], StringSplitOptions.RemoveEmptyEntries))
        {
            var trimmed = part.Trim('-', '.', '_', '"', '\'', '*');
            if (trimmed.Length == 0 || words.Count >= MostOfQuery)
                continue;

            // A part that a name may have is looked for as it is; anything else by its words.
            if (IsNamePart(trimmed))
            {
                words.Add(Cut(trimmed));
                continue;
            }

            var split = new HashSet<string>(StringComparer.Ordinal);
            Split(trimmed, split, MostOfQuery - words.Count);
            words.AddRange(split);
        }

        return words;
    }

    /// <summary>The first text that is behind all that begin with <paramref name="word"/>.</summary>
    public static string End(string word) => word + "\uFFFF";

    private static bool IsNamePart(string part)
    {
        foreach (var letter in part)
        {
            if (letter is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_' or '.'))
                return false;
        }

        return true;
    }

    private static void Split(string text, HashSet<string> words, int most)
    {
        var word = new StringBuilder();
        foreach (var rune in text.Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark)
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            else
                Take();
            if (words.Count >= most)
                return;
        }

        Take();

        void Take()
        {
            if (word.Length > 0)
                words.Add(Cut(word.ToString()));
            word.Clear();
        }
    }

    private static string Cut(string word)
    {
        word = word.ToLowerInvariant();
        return word.Length <= Longest ? word : word[..(char.IsHighSurrogate(word[Longest - 1]) ? Longest - 1 : Longest)];
    }
}
