using Naru.Linux;

namespace Naru.Build.Copying;

/// <summary>One file or folder that a copy reads, found: links on the way to it and its own were followed inside its tree.</summary>
internal sealed class CopySource(TreePath place, byte[] baseName, PathPatterns? include, PathPatterns? exclude) : IDisposable
{
    public TreePath Place { get; } = place;

    /// <summary>The name it was asked for by, which a folder that it is copied into gives it.</summary>
    public byte[] BaseName { get; } = baseName;

    /// <summary>What of a folder is wanted; null: all.</summary>
    public PathPatterns? Include { get; } = include;

    /// <summary>What of a folder is left out; null: nothing.</summary>
    public PathPatterns? Exclude { get; } = exclude;

    public void Dispose() => Place.Dispose();
}
