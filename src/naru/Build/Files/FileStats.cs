using System.Text;
using Google.Protobuf;
using Naru.Linux;
using Naru.Rpc.Fsutil;

namespace Naru.Cli.Build.Files;

/// <summary>fsutil's Stat of a file, both ways. Its mode is Go's os.FileMode: the permission bits, and a bit for each kind.</summary>
internal static class FileStats
{
    public const uint Directory = 1u << 31, Symlink = 1 << 27, Device = 1 << 26, Fifo = 1 << 25, Socket = 1 << 24, SetUid = 1 << 23, SetGid = 1 << 22, Character = 1 << 21, Sticky = 1 << 20;

    private const uint Kinds = Directory | Symlink | Device | Fifo | Socket | Character;

    /// <summary>What the builder is told of a file: its owner is always root, as an image is not of this machine's users.</summary>
    public static Stat Of(TreeEntry entry, string path)
    {
        var stat = new Stat
        {
            Path = path,
            Mode = GoMode(entry),
            Size = entry.Size,
            ModTime = entry.Metadata.Seconds * 1_000_000_000 + entry.Metadata.Nanoseconds,
            Linkname = entry.Kind == TreeEntryKind.Symlink ? Encoding.UTF8.GetString(entry.LinkTarget) : "",
        };
        if (entry.Kind is TreeEntryKind.BlockDevice or TreeEntryKind.CharacterDevice)
            (stat.Devmajor, stat.Devminor) = (entry.DeviceMajor, entry.DeviceMinor);
        foreach (var xattr in entry.Xattrs)
            stat.Xattrs[Encoding.UTF8.GetString(xattr.Name)] = ByteString.CopyFrom(xattr.Value);
        return stat;
    }

    /// <summary>The file's kind; null for one that is none.</summary>
    public static TreeEntryKind? KindOf(Stat stat) => (stat.Mode & Kinds) switch
    {
        0 => TreeEntryKind.File,
        Directory => TreeEntryKind.Directory,
        Symlink => TreeEntryKind.Symlink,
        Device => TreeEntryKind.BlockDevice,
        Device | Character => TreeEntryKind.CharacterDevice,
        Fifo => TreeEntryKind.Fifo,
        Socket => TreeEntryKind.Socket,
        _ => null,
    };

    /// <summary>Permission bits with setuid, setgid and sticky where Unix has them.</summary>
    public static uint UnixMode(Stat stat) =>
        (stat.Mode & 0x1ff) | ((stat.Mode & SetUid) != 0 ? 0x800u : 0) | ((stat.Mode & SetGid) != 0 ? 0x400u : 0) | ((stat.Mode & Sticky) != 0 ? 0x200u : 0);

    private static uint GoMode(TreeEntry entry)
    {
        var unix = entry.Metadata.Mode;
        return (unix & 0x1ff) | ((unix & 0x800) != 0 ? SetUid : 0) | ((unix & 0x400) != 0 ? SetGid : 0) | ((unix & 0x200) != 0 ? Sticky : 0) | entry.Kind switch
        {
            TreeEntryKind.Directory => Directory,
            TreeEntryKind.Symlink => Symlink,
            TreeEntryKind.BlockDevice => Device,
            TreeEntryKind.CharacterDevice => Device | Character,
            TreeEntryKind.Fifo => Fifo,
            // As an empty file: BuildKit's clients have no form for a socket.
            _ => 0u,
        };
    }
}
