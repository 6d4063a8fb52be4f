using System.Text;
using Naru.Base;
using Naru.Linux;

namespace Naru.Images;

/// <summary>One layer on its way into one tree: cleans names, counts bytes, turns whiteouts into what the options ask for.</summary>
internal sealed class LayerSession(TreeWriter tree, LayerApplyOptions options, long limit)
{
    private readonly byte[] buffer = new byte[256 << 10];

    // Only where whiteouts remove: what this layer itself brought must survive its opaque marks.
    private readonly HashSet<string>? brought = options.Whiteouts == WhiteoutMode.Remove ? [] : null;

    /// <summary>Bytes of file data so far.</summary>
    public long Written { get; private set; }

    public void Apply(TarReader reader, TarEntry entry)
    {
        var path = EntryNames.Clean(entry.Name);
        if (path.Length == 0)
        {
            // The root's own metadata is the snapshot's, not the layer's (containerd does the same).
            if (entry.Type != TarEntryType.Directory)
                throw NaruException.Invalid($"invalid entry name \"{Encoding.UTF8.GetString(entry.Name)}\"");
            return;
        }

        path = Below(path);
        var slash = Array.LastIndexOf(path, (byte)'/');
        var name = path.AsSpan(slash + 1);
        if (options.Whiteouts != WhiteoutMode.Literal && name.StartsWith(Whiteouts.Prefix))
        {
            ApplyWhiteout(path.AsSpan(0, Math.Max(slash, 0)), name);
            return;
        }

        Write(reader, entry, path);
        Remember(path);
    }

    private byte[] Below(byte[] path) => options.Folder.Length == 0 ? path : [.. options.Folder, (byte)'/', .. path];

    private void Write(TarReader reader, TarEntry entry, byte[] path)
    {
        var metadata = Metadata(entry);
        var xattrs = Filter(entry.Xattrs);
        switch (entry.Type)
        {
            case TarEntryType.File:
                WriteFile(reader, entry, path, metadata, xattrs);
                break;
            case TarEntryType.Directory:
                tree.Directory(path, metadata, xattrs);
                break;
            case TarEntryType.Symlink:
                if (entry.LinkName.Length == 0)
                    throw NaruException.Invalid($"invalid entry \"{Encoding.UTF8.GetString(entry.Name)}\": symbolic link without a target");
                tree.Symlink(path, entry.LinkName, metadata, xattrs);
                break;
            case TarEntryType.HardLink:
                var target = EntryNames.Clean(entry.LinkName);
                if (target.Length == 0)
                    throw NaruException.Invalid($"invalid entry \"{Encoding.UTF8.GetString(entry.Name)}\": hard link to the root");
                tree.HardLink(path, Below(target));
                break;
            case TarEntryType.CharacterDevice:
                tree.Node(path, TreeEntryKind.CharacterDevice, entry.DeviceMajor, entry.DeviceMinor, metadata, xattrs);
                break;
            case TarEntryType.BlockDevice:
                tree.Node(path, TreeEntryKind.BlockDevice, entry.DeviceMajor, entry.DeviceMinor, metadata, xattrs);
                break;
            case TarEntryType.Fifo:
                tree.Node(path, TreeEntryKind.Fifo, 0, 0, metadata, xattrs);
                break;
        }
    }

    private void WriteFile(TarReader reader, TarEntry entry, byte[] path, in TreeMetadata metadata, IReadOnlyList<TreeXattr> xattrs)
    {
        // Told beforehand: a file that cannot fit is not even started.
        Written += reader.Remaining;
        if (Written > limit)
            throw new NaruException(ErrorKind.FailedPrecondition, "no space left on device") { Errno = Errno.ENOSPC };
        tree.BeginFile(path, metadata);
        if (entry.Sparse is null)
        {
            for (var bytes = reader.Take(buffer); !bytes.IsEmpty; bytes = reader.Take(buffer))
                tree.Write(bytes);
        }
        else
        {
            WriteSparse(reader, entry);
        }

        tree.EndFile(metadata, xattrs);
    }

    private void WriteSparse(TarReader reader, TarEntry entry)
    {
        long position = 0;
        foreach (var (offset, length) in entry.Sparse!)
        {
            tree.Skip(offset - position);
            position = offset + length;
            for (var left = length; left > 0;)
            {
                var read = reader.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, left)));
                tree.Write(buffer.AsSpan(0, read));
                left -= read;
            }
        }

        tree.Skip(entry.Size - position);
    }

    private void ApplyWhiteout(ReadOnlySpan<byte> folder, ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual(Whiteouts.Opaque))
        {
            if (options.Whiteouts == WhiteoutMode.Overlay)
                tree.Opaque(folder);
            else
                RemoveLower(folder.ToArray());
            return;
        }

        if (Whiteouts.IsMetadata(name))
            return;
        var hidden = Whiteouts.Hidden(name);
        byte[] path = folder.IsEmpty ? hidden.ToArray() : [.. folder, (byte)'/', .. hidden];
        if (options.Whiteouts == WhiteoutMode.Overlay)
            tree.Whiteout(path);
        else if (tree.IsDirectory(path) && brought!.Contains(Key(path)))
            RemoveLower(path);
        else if (!brought!.Contains(Key(path)))
            tree.Remove(path);
    }

    /// <summary>Removes what is in a folder and did not come with this layer.</summary>
    private void RemoveLower(byte[] folder)
    {
        foreach (var name in tree.List(folder))
        {
            byte[] path = folder.Length == 0 ? name : [.. folder, (byte)'/', .. name];
            if (!brought!.Contains(Key(path)))
                tree.Remove(path);
            else if (tree.IsDirectory(path))
                RemoveLower(path);
        }
    }

    /// <summary>An entry and the folders it is in, which came with it.</summary>
    private void Remember(byte[] path)
    {
        if (brought is null)
            return;
        for (var end = path.Length; end > 0; end = Array.LastIndexOf(path, (byte)'/', end - 1))
        {
            if (!brought.Add(Key(path.AsSpan(0, end))))
                return;
        }
    }

    private TreeMetadata Metadata(TarEntry entry)
    {
        if (entry.Uid is < 0 or >= uint.MaxValue || entry.Gid is < 0 or >= uint.MaxValue)
            throw NaruException.Invalid($"invalid owner {entry.Uid}:{entry.Gid} of \"{Encoding.UTF8.GetString(entry.Name)}\"");
        var (uid, gid) = ((uint)entry.Uid, (uint)entry.Gid);
        if (options.MapOwner is not null)
            (uid, gid) = options.MapOwner(uid, gid);
        return new TreeMetadata(entry.Mode, uid, gid, entry.Seconds, entry.Nanoseconds);
    }

    /// <summary>overlayfs' own attributes never come from a layer: they would redirect or hide what is below.</summary>
    private static IReadOnlyList<TreeXattr> Filter(IReadOnlyList<TreeXattr> xattrs) =>
        xattrs.Any(IsOverlay) ? [.. xattrs.Where(x => !IsOverlay(x))] : xattrs;

    private static bool IsOverlay(TreeXattr xattr) =>
        xattr.Name.AsSpan().StartsWith("trusted.overlay."u8) || xattr.Name.AsSpan().StartsWith("user.overlay."u8);

    /// <summary>Latin-1 keeps all bytes apart.</summary>
    private static string Key(ReadOnlySpan<byte> path) => Encoding.Latin1.GetString(path);
}
