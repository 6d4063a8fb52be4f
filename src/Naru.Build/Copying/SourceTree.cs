using Naru.Build.Context;

namespace Naru.Build.Copying;

/// <summary>Files on this machine that an action copies from.</summary>
public sealed record SourceTree
{
    /// <summary>Nothing: <c>scratch</c>.</summary>
    public static SourceTree Empty { get; } = new();

    /// <summary>A folder on this machine, trusted itself, what is in it not; null: nothing is there.</summary>
    public string? Folder { get; init; }

    /// <summary>SHA-256 of a regular file's content if known without reading it; by its path relative to the folder.</summary>
    public Func<string, byte[]?>? KnownDigest { get; init; }

    /// <summary>All that is in it, in the order of <see cref="ContextPath.Compare"/>, if known without looking.</summary>
    internal IReadOnlyList<ContextEntry>? Entries { get; init; }

    /// <summary>The files at a path, with what is known of them where they are a client's folder.</summary>
    public static SourceTree Of(string path, ContextFolder? known) => new() { Folder = path, KnownDigest = known is null ? null : known.KnownDigest, Entries = known?.Entries };
}
