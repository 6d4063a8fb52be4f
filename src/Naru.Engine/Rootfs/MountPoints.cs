using Naru.Linux;

namespace Naru.Engine.Rootfs;

/// <summary>What a start leaves in a container's own layer so that there is something to mount on: no change of the container's (Docker keeps them in a layer of their own).</summary>
public static class MountPoints
{
    private static readonly HashSet<string> Paths =
    [
        "/.dockerenv", "/dev", "/dev/console", "/dev/mqueue", "/dev/pts", "/dev/shm", "/etc", "/etc/hostname", "/etc/hosts", "/etc/mtab", "/etc/resolv.conf", "/proc", "/sys",
    ];

    /// <summary>True for an empty file or a folder at one of those places; the caller knows that the layers below have none there.</summary>
    public static bool IsOne(string path, TreeEntry entry) =>
        Paths.Contains(path) && (entry.Kind == TreeEntryKind.Directory || entry.Kind == TreeEntryKind.Symlink || (entry.Kind == TreeEntryKind.File && entry.Size == 0));
}
