namespace Naru.Linux;

/// <summary>What a folder holds: bytes of its files and links, as Docker counts a layer (no folders, no rounding to blocks), and inodes; hard links counted once.</summary>
public readonly record struct DiskUsage(long Bytes, long Inodes)
{
    private const int FileTypeMask = 0xf000, Folder = 0x4000;

    /// <summary>Walks <paramref name="folder"/>, never through a symbolic link. What goes away meanwhile is not counted.</summary>
    public static DiskUsage Of(string folder)
    {
        long bytes = 0;
        var inodes = 0L;
        var linked = new HashSet<ulong>();
        var open = new Stack<string>([folder]);
        while (open.TryPop(out var path))
        {
            if (!TryStat(path, out var status) || (status.stx_nlink > 1 && !IsFolder(status) && !linked.Add(status.stx_ino)))
                continue;
            inodes++;
            if (!IsFolder(status))
            {
                bytes += (long)status.stx_size;
                continue;
            }

            foreach (var entry in Directory.EnumerateFileSystemEntries(path))
                open.Push(entry);
        }

        return new DiskUsage(bytes, inodes);
    }

    private static bool IsFolder(Libc.statx_fields status) => (status.stx_mode & FileTypeMask) == Folder;

    private static unsafe bool TryStat(string path, out Libc.statx_fields status)
    {
        Libc.statx_fields answer;
        var found = Libc.statx_path(Libc.STATX_AT_FDCWD, path, Libc.STATX_AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC, &answer) == 0;
        status = answer;
        return found;
    }
}
