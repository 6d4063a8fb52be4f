namespace Naru.Linux;

/// <summary>What statx(2) says of one name of a tree.</summary>
/// <param name="Blocks">Of 512 bytes; fewer than <paramref name="Size"/> needs: the file has holes.</param>
/// <param name="Links">Names that the file has.</param>
public readonly record struct TreeStatus(
    TreeEntryKind Kind, TreeMetadata Metadata, long Size, long Blocks, uint Links, TreeIdentity Identity, uint DeviceMajor, uint DeviceMinor)
{
    public bool IsFolder => Kind == TreeEntryKind.Directory;

    internal static TreeStatus From(in Libc.StatX stat) => new(
        (TreeEntryKind)(stat.Mode & 0xF000u),
        new TreeMetadata(stat.Mode & 0xFFFu, stat.Uid, stat.Gid, stat.Modified.Seconds, stat.Modified.Nanoseconds),
        (long)stat.Size, (long)stat.Blocks, stat.Links, new TreeIdentity(stat.DevMajor, stat.DevMinor, stat.Inode), stat.RdevMajor, stat.RdevMinor);
}
