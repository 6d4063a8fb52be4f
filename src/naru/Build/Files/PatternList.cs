namespace Naru.Cli.Build.Files;

/// <summary>Patterns in their order, of which the last that matches a path, or a folder that it is in, decides.</summary>
internal sealed class PatternList
{
    private readonly List<PathPattern> patterns = [];

    /// <exception cref="NaruException">A pattern is malformed.</exception>
    public PatternList(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            if (PathPattern.Parse(text) is not { } pattern)
                continue;
            patterns.Add(pattern);
            HasExceptions |= pattern.Exception;
        }
    }

    public int Count => patterns.Count;

    public bool HasExceptions { get; private set; }

    /// <summary>True when the path is one that the patterns mean.</summary>
    /// <param name="inherited">Which patterns matched the folder that the path is in; null at the root.</param>
    /// <param name="matched">Which matched the path: its children inherit them.</param>
    public bool Matches(string path, bool[]? inherited, out bool[] matched)
    {
        matched = new bool[patterns.Count];
        var result = false;
        for (var at = 0; at < patterns.Count; at++)
        {
            var pattern = patterns[at];
            var match = inherited is not null && inherited[at];
            // Only what can change the result is looked at.
            if (!match && pattern.Exception == result)
                match = pattern.Matches(path);
            matched[at] = match;
            if (match)
                result = !pattern.Exception;
        }

        return result;
    }

    /// <summary>True when something below the folder might match one of these patterns (exceptions only, or the rest only).</summary>
    public bool MayMatchBelow(string folder, bool exceptions)
    {
        var below = folder + "/";
        foreach (var pattern in patterns)
        {
            if (pattern.Exception != exceptions)
                continue;
            var prefix = pattern.Prefix;
            if (prefix.StartsWith(below, StringComparison.Ordinal) || below.StartsWith(prefix, StringComparison.Ordinal) || prefix == folder)
                return true;
        }

        return false;
    }
}
