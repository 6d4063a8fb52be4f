namespace Naru.Linux;

/// <summary>One file as a tree holds it.</summary>
public sealed record TreeEntry
{
    /// <summary>Below the tree's root, without a leading slash; empty for the root.</summary>
    public required byte[] Path { get; init; }

    public required TreeEntryKind Kind { get; init; }

    public required TreeMetadata Metadata { get; init; }

    /// <summary>Bytes of a regular file.</summary>
    public long Size { get; init; }

    /// <summary>Target of a symbolic link, else empty.</summary>
    public byte[] LinkTarget { get; init; } = [];

    public uint DeviceMajor { get; init; }

    public uint DeviceMinor { get; init; }

    /// <summary>Names that the file has; more than one means that <see cref="Identity"/> may come again.</summary>
    public uint Links { get; init; }

    /// <summary>Device and inode: the same for all names of one file.</summary>
    public (uint Major, uint Minor, ulong Inode) Identity { get; init; }

    public IReadOnlyList<TreeXattr> Xattrs { get; init; } = [];

    /// <summary>overlayfs' whiteout.</summary>
    public bool IsWhiteout => Kind == TreeEntryKind.CharacterDevice && DeviceMajor == 0 && DeviceMinor == 0;
}
