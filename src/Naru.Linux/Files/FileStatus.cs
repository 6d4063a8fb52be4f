namespace Naru.Linux;

/// <summary>What statx(2) says of a file.</summary>
/// <param name="Mode">Permission bits, with setuid, setgid and sticky.</param>
public readonly record struct FileStatus(
    FileKind Kind, uint Mode, uint Uid, uint Gid, ulong Inode, long Size, uint DeviceMajor, uint DeviceMinor, uint NodeMajor, uint NodeMinor)
{
    /// <summary>Whether both are the same inode of the same file system.</summary>
    public bool SameFile(FileStatus other) =>
        Inode == other.Inode && DeviceMajor == other.DeviceMajor && DeviceMinor == other.DeviceMinor;
}
