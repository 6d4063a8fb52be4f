using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;

namespace Naru.Runtime.Rootfs;

/// <summary>Option tmpcopyup: a tmpfs begins with what the image has in its place. Owners, modes, times, links and attributes are kept; devices and sockets are left out.</summary>
internal static class CopyUp
{
    /// <param name="covered">The image's folder, opened before the tmpfs covered it.</param>
    public static void Copy(SafeFileHandle covered, SafeFileHandle mounted, string destination)
    {
        try
        {
            using var from = TreeFolder.Open($"{Files.PathOf(covered)}/.");
            using var to = TreeFolder.Open($"{Files.PathOf(mounted)}/.");
            CopyFolder(from, to);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.Internal, $"tmpcopyup: failed to copy {destination}: {failure.Message}", failure);
        }
    }

    private static void CopyFolder(TreeFolder from, TreeFolder to)
    {
        foreach (var name in from.Names())
        {
            if (!from.TryStatus(name, out var status))
                continue;
            switch (status.Kind)
            {
                case TreeEntryKind.Directory:
                    CopyBelow(from, to, name, status);
                    break;
                case TreeEntryKind.File:
                    CopyFile(from, to, name, status);
                    break;
                case TreeEntryKind.Symlink:
                    to.MakeSymlink(name, from.ReadLink(name));
                    to.SetOwner(name, status.Metadata.Uid, status.Metadata.Gid);
                    to.SetTime(name, status.Metadata.Seconds, status.Metadata.Nanoseconds);
                    break;
            }
        }
    }

    private static void CopyBelow(TreeFolder from, TreeFolder to, byte[] name, in TreeStatus status)
    {
        to.MakeFolder(name, 0x1C0);
        using (var source = from.Enter(name))
        using (var target = to.Enter(name))
        {
            CopyFolder(source, target);
            target.SetXattrs(source.Xattrs());
        }

        to.SetOwner(name, status.Metadata.Uid, status.Metadata.Gid);
        to.SetMode(name, status.Metadata.Mode);
        to.SetTime(name, status.Metadata.Seconds, status.Metadata.Nanoseconds);
    }

    private static void CopyFile(TreeFolder from, TreeFolder to, byte[] name, in TreeStatus status)
    {
        using var source = from.OpenFile(name);
        using var target = to.CreateFile(name, 0x180);
        TreeFiles.CopyContent(source, target, status);
        TreeFiles.SetXattrs(target, TreeFiles.Xattrs(source));
        TreeFiles.Dress(target, status.Metadata);
    }
}
