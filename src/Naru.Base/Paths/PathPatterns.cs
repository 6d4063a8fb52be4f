namespace Naru.Base.Paths;

/// <summary>
/// The patterns of an ignore file or of <c>--exclude</c>, in order: the last one that matches a path, or a folder above it, decides; <c>!</c> takes back.
/// Immutable; safe to use from several threads. Paths have slashes, no leading or trailing one, and no <c>.</c> or <c>..</c>.
/// </summary>
/// <remarks>
/// To walk a tree, carry each folder's <see cref="PathMatch"/> down: <c>Enter(path, above)</c> for a folder, <c>Matches(path, above)</c> for anything else.
/// An ignored folder is left out with all below it when <see cref="CanSkip"/> says so; otherwise it is walked, and taken only if something below it is.
/// Source: moby/patternmatcher (MatchesUsingParentResults), with more folders skipped than there.
/// </remarks>
public sealed class PathPatterns
{
    private readonly PathPattern[] patterns;

    /// <exception cref="NaruException">InvalidArgument: a pattern is malformed, or is <c>!</c> alone.</exception>
    public PathPatterns(IEnumerable<string> patterns)
    {
        var read = new List<PathPattern>();
        foreach (var line in patterns)
        {
            var pattern = line.Trim();
            if (pattern.Length == 0)
                continue;
            pattern = SlashPath.Clean(pattern);
            var takesBack = pattern[0] == '!';
            if (pattern is "!")
                throw NaruException.Invalid("illegal exclusion pattern: \"!\"");
            HasTakingBack |= takesBack;
            read.Add(new PathPattern(takesBack ? pattern[1..] : pattern, takesBack));
        }

        this.patterns = [.. read];
    }

    /// <summary>No pattern at all: nothing is ignored.</summary>
    public bool IsEmpty => patterns.Length == 0;

    /// <summary>Some pattern begins with <c>!</c>.</summary>
    public bool HasTakingBack { get; }

    public IReadOnlyList<PathPattern> Patterns => patterns;

    /// <summary>Whether a path is ignored, itself or for a folder above it. For single paths: a walk is faster, and exact, with <see cref="Enter"/>.</summary>
    public bool Matches(string path)
    {
        var matched = false;
        foreach (var pattern in patterns)
        {
            if (pattern.TakesBack == matched && (pattern.Matches(path) || MatchesAbove(pattern, path)))
                matched = !pattern.TakesBack;
        }

        return matched;
    }

    /// <summary>Whether a file is ignored, given what <see cref="Enter"/> said of its folder (null: it is at the top).</summary>
    public bool Matches(string path, PathMatch? above) => Decide(path, above, null);

    /// <summary>What is known of a folder, for it and for what is in it.</summary>
    /// <param name="above">Of the folder that it is in; null: it is at the top.</param>
    public PathMatch Enter(string directory, PathMatch? above)
    {
        var entered = new PathMatch(new bool[patterns.Length]);
        entered.Matched = Decide(directory, above, entered);
        return entered;
    }

    /// <summary>Whether all below an ignored folder is ignored as well, so that nobody need look there.</summary>
    public bool CanSkip(string directory, PathMatch entered)
    {
        if (!entered.Matched)
            return false;
        // Below, the last pattern that matched here matches again, and makes those before it idle.
        for (var at = patterns.Length - 1; at >= 0; at--)
        {
            if (patterns[at].TakesBack)
            {
                if (entered.ByPattern[at] || patterns[at].MayMatchBelow(directory))
                    return false;
            }
            else if (entered.ByPattern[at])
            {
                return true;
            }
        }

        return true;
    }

    private bool Decide(string path, PathMatch? above, PathMatch? result)
    {
        var matched = false;
        for (var at = 0; at < patterns.Length; at++)
        {
            var pattern = patterns[at];
            var matches = above is not null && above.ByPattern[at];
            if (!matches)
            {
                // It could only say what is so already.
                if (pattern.TakesBack != matched)
                    continue;
                matches = pattern.Matches(path) || (above is null && MatchesAbove(pattern, path));
            }

            if (!matches)
                continue;
            if (result is not null)
                result.ByPattern[at] = true;
            matched = !pattern.TakesBack;
        }

        return matched;
    }

    private static bool MatchesAbove(PathPattern pattern, string path)
    {
        for (var slash = path.IndexOf('/'); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (pattern.Matches(path.AsSpan(0, slash)))
                return true;
        }

        return false;
    }
}
