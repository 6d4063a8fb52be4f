using Naru.Linux;

namespace Naru.Build.Copying;

/// <summary>One name that a copy would read: all that counts of it but, for a regular file, its content, which is added later.</summary>
internal sealed class DigestedFile
{
    /// <summary>Below what was asked for, that one's own name first.</summary>
    public required byte[] Path { get; init; }

    public required TreeStatus Status { get; init; }

    public byte[] LinkTarget { get; init; } = [];

    public required IReadOnlyList<TreeXattr> Xattrs { get; init; }

    /// <summary>Regular files: the folder that it is in and its name there, in the tree.</summary>
    public byte[] Folder { get; init; } = [];

    public byte[] Name { get; init; } = [];

    /// <summary>SHA-256 of a regular file's content.</summary>
    public byte[]? Content { get; set; }
}
