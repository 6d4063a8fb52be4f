using Naru.Linux;

namespace Naru.Build.Copying;

/// <summary>One file or folder that a copy reads, found: links on the way to it and its own were followed inside its tree.</summary>
/// <param name="include">What of a folder is wanted; null: all.</param>
/// <param name="exclude">What of a folder is left out; null: nothing.</param>
internal sealed class CopySource(TreePath place, byte[] baseName, PathPatterns? include, PathPatterns? exclude) : IDisposable
{
    public TreePath Place { get; } = place;

    /// <summary>The name it was asked for by, which a folder that it is copied into gives it.</summary>
    public byte[] BaseName { get; } = baseName;

    /// <summary>Whether something below the folder is copied.</summary>
    /// <param name="path">Relative to the folder.</param>
    /// <param name="included">Which patterns matched the folder it is in; null at the top. The same for <paramref name="excluded"/>.</param>
    /// <param name="includedHere">Which matched it, for what is below. The same for <paramref name="excludedHere"/>.</param>
    /// <param name="below">Whether something below may be copied even if it is not.</param>
    public bool Selects(byte[] path, bool[]? included, bool[]? excluded, out bool[]? includedHere, out bool[]? excludedHere, out bool below)
    {
        (includedHere, excludedHere, below) = (included, excluded, true);
        var wanted = include is null || include.Matches(path, included, out includedHere);
        if (!wanted)
            below = include!.MayMatchBelow(path);
        if (exclude is null || !exclude.Matches(path, excluded, out excludedHere))
            return wanted;
        below &= exclude.HasExceptions;
        return false;
    }

    public void Dispose() => Place.Dispose();
}
