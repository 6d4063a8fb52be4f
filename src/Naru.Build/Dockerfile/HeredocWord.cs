using Naru.Base;
using Naru.Build.Dockerfile.Instructions;

namespace Naru.Build.Dockerfile;

/// <summary>The word that announces a here-document: <c>&lt;&lt;EOF</c>, <c>&lt;&lt;-EOF</c>, <c>3&lt;&lt;"EOF"</c>.</summary>
internal static class HeredocWord
{
    private static readonly Dictionary<string, string> s_nothing = [];
    private static readonly WordExpander s_splitter = new('\\') { KeepQuotes = true, KeepEscapes = true, KeepUnset = true };
    private static readonly WordExpander s_plain = new('\\') { KeepUnset = true };

    /// <summary>Those of an instruction, without their content.</summary>
    public static List<Heredoc> FindAll(string line)
    {
        var found = new List<Heredoc>();
        if (!line.Contains("<<", StringComparison.Ordinal))
            return found;
        foreach (var word in Split(line, s_splitter))
        {
            if (Parse(word) is { } heredoc)
                found.Add(heredoc);
        }

        return found;
    }

    /// <returns>Null: the word announces none.</returns>
    public static Heredoc? Parse(string word)
    {
        var at = 0;
        while (at < word.Length && char.IsAsciiDigit(word[at]))
            at++;
        if (!word.AsSpan(at).StartsWith("<<"))
            return null;
        var rest = word[(at + 2)..];
        var chomps = rest.StartsWith('-');
        if (chomps)
            rest = rest[1..];
        if (rest.Length == 0 || rest.Contains('<'))
            return null;
        var plain = Split(rest, s_plain);
        var raw = Split(rest, s_splitter);
        if (plain.Count != 1 || raw.Count != 1)
            return null;
        // A quote anywhere in the word means: take the content as it is.
        return new Heredoc { Name = plain[0], Chomps = chomps, Expands = plain[0] == raw[0] };
    }

    private static IReadOnlyList<string> Split(string text, WordExpander expander)
    {
        try
        {
            return expander.Expand(text, s_nothing).Words;
        }
        catch (NaruException)
        {
            // What is no shell word holds no here-document; the shell says what is wrong with it.
            return [];
        }
    }
}
