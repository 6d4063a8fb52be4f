using Naru.Linux;

namespace Naru.Engine.Volumes;

/// <summary>Fills a new volume from a container's root.</summary>
public static class VolumeContent
{
    /// <summary>Copies what is in a folder of the root, resolved below it whatever symlinks say, with owners, modes, times, links and attributes.</summary>
    public static void Copy(string root, string folder, string target)
    {
        var start = System.Text.Encoding.UTF8.GetBytes(folder.Trim('/') + "/.");
        using var tree = new TreeReader(root);
        if (TryRead(tree, start) is not { Kind: TreeEntryKind.Directory })
            return;
        using var copy = new TreeWriter(target);
        var links = new Dictionary<(uint, uint, ulong), byte[]>();
        var buffer = new byte[64 * 1024];
        foreach (var entry in tree.Walk(start))
        {
            var path = entry.Path.AsSpan(start.Length).TrimStart((byte)'/').ToArray();
            if (path.Length == 0)
                continue;
            if (entry.Kind == TreeEntryKind.File && entry.Links > 1 && !links.TryAdd(entry.Identity, path))
            {
                copy.HardLink(path, links[entry.Identity]);
                continue;
            }

            Add(tree, copy, entry, path, buffer);
        }

        copy.Complete();
        // The volume itself looks as the folder did.
        if (TryRead(tree, start) is { } itself)
        {
            using var handle = Files.Open(target, OpenFlags.ReadOnly | OpenFlags.Directory);
            Files.ChangeOwner(handle, itself.Metadata.Uid, itself.Metadata.Gid);
            Files.ChangeModeOf(handle, itself.Metadata.Mode);
        }
    }

    private static void Add(TreeReader tree, TreeWriter copy, TreeEntry entry, byte[] path, byte[] buffer)
    {
        switch (entry.Kind)
        {
            case TreeEntryKind.Directory:
                copy.Directory(path, entry.Metadata, entry.Xattrs);
                break;
            case TreeEntryKind.Symlink:
                copy.Symlink(path, entry.LinkTarget, entry.Metadata, entry.Xattrs);
                break;
            case TreeEntryKind.File:
                using (var file = tree.Open(entry.Path))
                {
                    copy.BeginFile(path, entry.Metadata);
                    long offset = 0;
                    for (int count; (count = RandomAccess.Read(file, buffer, offset)) > 0; offset += count)
                        copy.Write(buffer.AsSpan(0, count));
                    copy.EndFile(entry.Metadata, entry.Xattrs);
                }

                break;
            default:
                copy.Node(path, entry.Kind, entry.DeviceMajor, entry.DeviceMinor, entry.Metadata, entry.Xattrs);
                break;
        }
    }

    private static TreeEntry? TryRead(TreeReader tree, byte[] path)
    {
        try
        {
            return tree.Read(path);
        }
        catch (LinuxException)
        {
            return null;
        }
    }
}
