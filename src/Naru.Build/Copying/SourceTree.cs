namespace Naru.Build.Copying;

/// <summary>Files on this machine that an action copies from.</summary>
public sealed record SourceTree
{
    /// <summary>Nothing: <c>scratch</c>.</summary>
    public static SourceTree Empty { get; } = new();

    /// <summary>A folder on this machine, trusted itself, what is in it not; null: nothing is there.</summary>
    public string? Folder { get; init; }

    /// <summary>Its files never change in place, so that the target may share them as hard links where nothing about them is to differ.</summary>
    public bool MayLink { get; init; }

    /// <summary>SHA-256 of a regular file's content if known without reading it; by its path relative to the folder.</summary>
    public Func<string, byte[]?>? KnownDigest { get; init; }
}
