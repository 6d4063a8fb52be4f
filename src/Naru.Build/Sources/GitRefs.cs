using Naru.Base;

namespace Naru.Build.Sources;

/// <summary>What a repository's refs stand for.</summary>
internal static class GitRefs
{
    /// <summary>Whether the text is a whole commit id.</summary>
    public static bool IsCommit(string text) => text.Length is 40 or 64 && IsHex(text);

    /// <summary>Refuses what git would read as an option, or what no ref may be (git-check-ref-format).</summary>
    /// <exception cref="NaruException">InvalidArgument.</exception>
    public static void Check(string name)
    {
        if (name.StartsWith('-') || name.Contains("..", StringComparison.Ordinal) || name.EndsWith(".lock", StringComparison.Ordinal)
            || name.AsSpan().IndexOfAny(" ~^:?*[\\\u007f") >= 0 || name.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0)
            throw NaruException.Invalid($"invalid git ref {GoText.Quote(name)}");
    }

    /// <summary>Finds the commit in the answer of <c>ls-remote</c>; a branch goes before a tag, of an annotated tag it is the commit behind it.</summary>
    /// <param name="wanted">A branch, tag or full ref; empty for HEAD.</param>
    /// <returns>The commit and the full name to fetch; null: there is none.</returns>
    public static (string Commit, string Name)? Find(string output, string wanted)
    {
        var name = wanted.Length == 0 ? "HEAD" : wanted;
        foreach (var candidate in (string[])[name, $"refs/heads/{name}", $"refs/tags/{name}", $"refs/{name}"])
        {
            string? commit = null;
            foreach (var line in output.Split('\n'))
            {
                var tab = line.IndexOf('\t');
                if (tab < 0)
                    continue;
                var there = line.AsSpan(tab + 1).TrimEnd();
                if (there.SequenceEqual(candidate + "^{}") || (commit is null && there.SequenceEqual(candidate)))
                    commit = line[..tab];
            }

            if (commit is not null && IsCommit(commit))
                return (commit, candidate);
        }

        return null;
    }

    private static bool IsHex(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigitLower(c))
                return false;
        }

        return true;
    }
}
