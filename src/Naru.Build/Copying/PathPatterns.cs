using System.Text;
using Naru.Base;

namespace Naru.Build.Copying;

/// <summary>Patterns in their order, of which a later one may take back what an earlier one matched. What matches a folder matches all below it.</summary>
internal sealed class PathPatterns
{
    private readonly List<PathPattern> patterns = [];

    /// <param name="what">What the error calls them: <c>excludepatterns</c>.</param>
    /// <exception cref="NaruException">InvalidArgument: one is malformed.</exception>
    public PathPatterns(IReadOnlyList<string> texts, string what)
    {
        foreach (var text in texts)
        {
            try
            {
                if (text.Trim().Length > 0)
                    patterns.Add(new PathPattern(Encoding.UTF8.GetBytes(text.Trim())));
            }
            catch (NaruException e)
            {
                throw NaruException.Invalid($"invalid {what}: [{string.Join(' ', texts)}]: {e.Message}");
            }

            HasExceptions |= patterns.Count > 0 && patterns[^1].IsException;
        }
    }

    public bool IsEmpty => patterns.Count == 0;

    public bool HasExceptions { get; }

    /// <summary>Whether a path matches.</summary>
    /// <param name="above">Which patterns matched the folder it is in; null at the top.</param>
    /// <param name="matched">Which patterns match it or a folder that it is in: for what is below.</param>
    public bool Matches(ReadOnlySpan<byte> path, bool[]? above, out bool[] matched)
    {
        matched = new bool[patterns.Count];
        var result = false;
        for (var i = 0; i < patterns.Count; i++)
        {
            // An exception has nothing to take back before something matched, nor a match to add after.
            var match = above is not null && above[i];
            if (!match && patterns[i].IsException == result)
                match = patterns[i].Matches(path);
            matched[i] = match;
            if (match)
                result = !patterns[i].IsException;
        }

        return result;
    }

    /// <summary>Whether something in a folder may match.</summary>
    public bool MayMatchBelow(ReadOnlySpan<byte> folder)
    {
        foreach (var pattern in patterns)
        {
            if (!pattern.IsException && pattern.MayMatchBelow(folder))
                return true;
        }

        return false;
    }
}
