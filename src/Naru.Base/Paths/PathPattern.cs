using System.Text;

namespace Naru.Base.Paths;

/// <summary>
/// One pattern of an ignore file: <c>*</c> and <c>?</c> stay within a name, <c>**</c> crosses names, <c>[a-z]</c> is a class, a leading <c>!</c> takes back.
/// The rules are those of moby's patternmatcher, which differ a little from shells': <c>**name</c> ends in name anywhere, <c>dir/**</c> is what is below dir and not dir.
/// </summary>
public sealed class PathPattern
{
    private const int AnyInName = -1;
    private const int OneInName = -2;
    private const int AnyFolders = -3;
    private const int AnyRest = -4;
    private const int FirstClass = -10;

    private enum Shape
    {
        Exact,
        Prefix,
        Suffix,
        Tokens,
    }

    // A token is a letter, or one of the constants above, or FirstClass less the index of a class.
    private readonly List<int> tokens = [];
    private readonly List<CharacterClass> classes = [];
    private readonly Shape shape;
    private readonly List<PathPattern> names = [];
    private readonly bool namesKnown = true;
    private readonly int wildcards;

    /// <param name="pattern">Trimmed, cleaned, without the leading <c>!</c>.</param>
    /// <exception cref="NaruException">InvalidArgument: a class that is not closed, an escape of nothing.</exception>
    internal PathPattern(string pattern, bool takesBack)
    {
        Text = pattern;
        TakesBack = takesBack;
        var (at, first, start) = (0, true, 0);
        while (at < pattern.Length)
        {
            var letter = pattern[at++];
            switch (letter)
            {
                case '*' when at < pattern.Length && pattern[at] == '*':
                    at++;
                    namesKnown = false;
                    wildcards++;
                    if (at < pattern.Length && pattern[at] == '/')
                        at++;
                    if (at < pattern.Length)
                    {
                        tokens.Add(AnyFolders);
                        shape = Shape.Tokens;
                    }
                    else if (shape == Shape.Exact)
                    {
                        shape = Shape.Prefix;
                    }
                    else
                    {
                        tokens.Add(AnyRest);
                        shape = Shape.Tokens;
                    }

                    if (first)
                        shape = Shape.Suffix;
                    break;
                case '*':
                    tokens.Add(AnyInName);
                    wildcards++;
                    shape = Shape.Tokens;
                    break;
                case '?':
                    tokens.Add(OneInName);
                    shape = Shape.Tokens;
                    break;
                case '[':
                    tokens.Add(FirstClass - classes.Count);
                    classes.Add(CharacterClass.Read(pattern, ref at));
                    shape = Shape.Tokens;
                    break;
                case '\\':
                    if (at == pattern.Length)
                        throw CharacterClass.Bad();
                    namesKnown &= pattern[at] != '/';
                    tokens.Add(pattern[at++]);
                    shape = Shape.Tokens;
                    break;
                default:
                    tokens.Add(letter);
                    if (letter == '/')
                    {
                        if (takesBack && namesKnown)
                            names.Add(new PathPattern(pattern[start..(at - 1)], false));
                        start = at;
                    }

                    break;
            }

            first = false;
        }

        if (takesBack && namesKnown)
            names.Add(new PathPattern(pattern[start..], false));
    }

    /// <summary>The pattern, cleaned, without the leading <c>!</c>.</summary>
    public string Text { get; }

    /// <summary>The pattern began with <c>!</c>: what it matches is not ignored after all.</summary>
    public bool TakesBack { get; }

    /// <summary>Whether this very path matches; what lies below a match is the caller's to know.</summary>
    public bool Matches(ReadOnlySpan<char> path) => shape switch
    {
        Shape.Exact => path.SequenceEqual(Text),
        Shape.Prefix => path.StartsWith(Text.AsSpan(0, Text.Length - 2)),
        Shape.Suffix => MatchesEnd(path),
        _ => Matches(path, 0, wildcards > 3 ? new bool[(path.Length + 1) * (tokens.Count + 1)] : null),
    };

    /// <summary>Whether some path below <paramref name="directory"/> could match, its own name and its parents' not counting. Only for what takes back.</summary>
    internal bool MayMatchBelow(ReadOnlySpan<char> directory)
    {
        for (var depth = 0; depth < names.Count; depth++)
        {
            var slash = directory.IndexOf('/');
            if (!names[depth].Matches(slash < 0 ? directory : directory[..slash]))
                return false;
            // A pattern of as many names as the folder has would have matched the folder itself.
            if (slash < 0)
                return depth + 1 < names.Count || !namesKnown;
            directory = directory[(slash + 1)..];
        }

        // "**" from here on: any depth may match.
        return !namesKnown;
    }

    private bool MatchesEnd(ReadOnlySpan<char> path)
    {
        // The leading "**" alone; its slash is part of what must be found at the end.
        var end = Text.AsSpan(2);
        return end.IsEmpty || path.EndsWith(end) || (end[0] == '/' && path.SequenceEqual(end[1..]));
    }

    // "failed": places in path and pattern known not to match, so that many wildcards do not take exponential time.
    private bool Matches(ReadOnlySpan<char> path, int token, bool[]? failed)
    {
        var place = (path.Length * (tokens.Count + 1)) + token;
        if (failed is not null && failed[place])
            return false;
        var matches = MatchesAnew(path, token, failed);
        if (failed is not null && !matches)
            failed[place] = true;
        return matches;
    }

    private bool MatchesAnew(ReadOnlySpan<char> path, int token, bool[]? failed)
    {
        while (token < tokens.Count)
        {
            var want = tokens[token++];
            switch (want)
            {
                case AnyRest:
                    return true;
                case AnyInName:
                    while (!Matches(path, token, failed))
                    {
                        if (path.IsEmpty || path[0] == '/')
                            return false;
                        path = path[1..];
                    }

                    return true;
                case AnyFolders:
                    while (!Matches(path, token, failed))
                    {
                        var slash = path.IndexOf('/');
                        if (slash < 0)
                            return false;
                        path = path[(slash + 1)..];
                    }

                    return true;
                case OneInName:
                    if (path.IsEmpty || path[0] == '/')
                        return false;
                    path = path[(path.Length > 1 && char.IsSurrogatePair(path[0], path[1]) ? 2 : 1)..];
                    break;
                case < 0:
                    if (path.IsEmpty || path[0] == '/')
                        return false;
                    _ = Rune.DecodeFromUtf16(path, out var letter, out var used);
                    if (!classes[FirstClass - want].Contains(letter.Value))
                        return false;
                    path = path[used..];
                    break;
                default:
                    if (path.IsEmpty || path[0] != want)
                        return false;
                    path = path[1..];
                    break;
            }
        }

        return path.IsEmpty;
    }
}
