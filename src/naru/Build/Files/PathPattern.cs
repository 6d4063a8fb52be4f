using System.Text;

namespace Naru.Cli.Build.Files;

/// <summary>One pattern of .dockerignore's kind: `*`, `?`, `[a-z]`, `**` over folders, `\` before a character that is meant; `!` first: an exception.</summary>
internal sealed class PathPattern
{
    private readonly bool literal;

    private PathPattern(string text, bool exception)
    {
        (Text, Exception) = (text, exception);
        literal = text.AsSpan().IndexOfAny("*?[\\") < 0;
    }

    /// <summary>The pattern without its `!`, its path cleaned.</summary>
    public string Text { get; }

    public bool Exception { get; }

    /// <summary>The folders before the first special character: a match can lie nowhere else.</summary>
    public string Prefix
    {
        get
        {
            var special = Text.AsSpan().IndexOfAny("*?[\\");
            return special < 0 ? Text : Text[..(Text.LastIndexOf('/', special) + 1)];
        }
    }

    /// <summary>Null for a pattern that says nothing.</summary>
    /// <exception cref="NaruException">A lone `!`, or brackets that do not close.</exception>
    public static PathPattern? Parse(string text)
    {
        text = text.Trim();
        var exception = text.StartsWith('!');
        if (exception)
            text = text[1..].Trim();
        if (text.Length == 0)
            return exception ? throw NaruException.Invalid("illegal exclusion pattern: \"!\"") : null;
        text = Clean(text);
        var pattern = new PathPattern(text, exception);
        pattern.Matches("");
        return pattern;
    }

    /// <summary>Go's path.Clean, without a slash before it; "." for nothing.</summary>
    public static string Clean(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
                parts.RemoveAt(parts.Count - 1);
            else if (part.Length > 0 && part != "." && (part != ".." || !path.StartsWith('/')))
                parts.Add(part);
        }

        return parts.Count == 0 ? "." : string.Join('/', parts);
    }

    public bool Matches(string path) => literal ? path == Text : Match(Text, path);

    private static bool Match(ReadOnlySpan<char> pattern, ReadOnlySpan<char> path)
    {
        while (!pattern.IsEmpty)
        {
            var letter = pattern[0];
            if (letter == '*')
                return pattern.StartsWith("**") ? MatchFolders(pattern[2..], path) : MatchStar(pattern[1..], path);
            if (path.IsEmpty && letter != '[')
                return false;
            switch (letter)
            {
                case '?':
                    if (path[0] == '/')
                        return false;
                    pattern = pattern[1..];
                    break;
                case '[':
                    if (!MatchBrackets(ref pattern, path.IsEmpty ? '\0' : path[0]) || path.IsEmpty)
                        return false;
                    break;
                default:
                    if (letter == '\\' && pattern.Length > 1)
                        pattern = pattern[1..];
                    if (pattern[0] != path[0])
                        return false;
                    pattern = pattern[1..];
                    break;
            }

            path = path[1..];
        }

        return path.IsEmpty;
    }

    /// <summary>After `**`: at the end it takes everything; before more, any number of whole folders.</summary>
    private static bool MatchFolders(ReadOnlySpan<char> rest, ReadOnlySpan<char> path)
    {
        if (rest.StartsWith("/"))
            rest = rest[1..];
        if (rest.IsEmpty)
            return true;
        while (true)
        {
            if (Match(rest, path))
                return true;
            var slash = path.IndexOf('/');
            if (slash < 0)
                return false;
            path = path[(slash + 1)..];
        }
    }

    private static bool MatchStar(ReadOnlySpan<char> rest, ReadOnlySpan<char> path)
    {
        while (true)
        {
            if (Match(rest, path))
                return true;
            if (path.IsEmpty || path[0] == '/')
                return false;
            path = path[1..];
        }
    }

    /// <summary>`[abc]`, `[a-z]`, `[^a]`; steps over it.</summary>
    private static bool MatchBrackets(ref ReadOnlySpan<char> pattern, char letter)
    {
        var at = 1;
        var negated = at < pattern.Length && pattern[at] == '^';
        if (negated)
            at++;
        var found = false;
        for (var first = true; ; first = false)
        {
            if (at >= pattern.Length)
                throw NaruException.Invalid($"syntax error in pattern: {new StringBuilder().Append(pattern)}");
            if (pattern[at] == ']' && !first)
                break;
            var low = One(pattern, ref at);
            var high = low;
            if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
            {
                at++;
                high = One(pattern, ref at);
            }

            found |= letter >= low && letter <= high;
        }

        pattern = pattern[(at + 1)..];
        return found != negated && letter != '/';
    }

    private static char One(ReadOnlySpan<char> pattern, ref int at)
    {
        if (pattern[at] == '\\' && at + 1 < pattern.Length)
            at++;
        return pattern[at++];
    }
}
