namespace Naru.Build.Dockerfile;

/// <summary>"did you mean …?": the nearest of the right words, if it is near enough.</summary>
public static class Suggestion
{
    // Three changes make another word; a longer word than this is no slip of the fingers.
    private const int TooFar = 3, Longest = 200;

    /// <returns>Null: nothing is near, or the word is right as it is.</returns>
    public static string? For(string word, IEnumerable<string> options, bool caseSensitive = true)
    {
        var wanted = caseSensitive ? word : word.ToLowerInvariant();
        string? best = null;
        var least = TooFar;
        foreach (var option in options)
        {
            var offered = caseSensitive ? option : option.ToLowerInvariant();
            if (offered == wanted)
                return null;
            if (Math.Abs(offered.Length - wanted.Length) >= least || wanted.Length > Longest)
                continue;
            var distance = Distance(wanted, offered);
            if (distance >= least)
                continue;
            least = distance;
            best = caseSensitive ? option : word == word.ToLowerInvariant() ? offered : word == word.ToUpperInvariant() ? offered.ToUpperInvariant() : offered;
        }

        return best;
    }

    /// <summary>The message with the suggestion, if there is one.</summary>
    public static string Append(string message, string word, IEnumerable<string> options, bool caseSensitive = true) =>
        For(word, options, caseSensitive) is { } near ? $"{message} (did you mean {near}?)" : message;

    /// <summary>Levenshtein's: letters to add, drop or change.</summary>
    private static int Distance(string one, string other)
    {
        var row = new int[other.Length + 1];
        for (var at = 0; at < row.Length; at++)
            row[at] = at;
        for (var i = 0; i < one.Length; i++)
        {
            var corner = row[0];
            row[0] = i + 1;
            for (var j = 0; j < other.Length; j++)
            {
                var next = Math.Min(Math.Min(row[j], row[j + 1]) + 1, corner + (one[i] == other[j] ? 0 : 1));
                (corner, row[j + 1]) = (row[j + 1], next);
            }
        }

        return row[^1];
    }
}
