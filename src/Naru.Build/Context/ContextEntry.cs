using System.Security.Cryptography;
using Naru.Linux;
using Naru.Rpc.Fsutil;

namespace Naru.Build.Context;

/// <summary>One file of a client's folder, as the client described it.</summary>
internal sealed class ContextEntry
{
    public const int DigestSize = SHA256.HashSizeInBytes;
    private const long Second = 1_000_000_000;

    // Go's file modes: the kind in the high bits, permissions in the low ones.
    public const uint Folder = 1u << 31, Symlink = 1u << 27, Device = 1u << 26, Fifo = 1u << 25, Socket = 1u << 24, CharacterDevice = 1u << 21, Irregular = 1u << 19;
    private const uint SetUser = 1u << 23, SetGroup = 1u << 22, Sticky = 1u << 20;
    private const uint Kinds = Folder | Symlink | Device | Fifo | Socket | CharacterDevice | Irregular;

    public required byte[] Path { get; init; }

    /// <summary>In Go's bits.</summary>
    public required uint Mode { get; init; }

    public long Size { get; init; }

    /// <summary>Nanoseconds since 1970.</summary>
    public long Modified { get; init; }

    /// <summary>A symbolic link's target; of a regular file the first of its names, when this is a further one.</summary>
    public byte[] Link { get; init; } = [];

    public long Major { get; init; }

    public long Minor { get; init; }

    public IReadOnlyList<TreeXattr> Xattrs { get; init; } = [];

    /// <summary>SHA-256 of a regular file's content; null: not known.</summary>
    public byte[]? Digest { get; set; }

    public bool IsFolder => (Mode & Folder) != 0;

    public bool IsSymlink => (Mode & Symlink) != 0;

    public bool IsFile => (Mode & Kinds) == 0;

    public bool IsHardLink => IsFile && Link.Length > 0;

    public TreeEntryKind Kind => IsFolder ? TreeEntryKind.Directory
        : IsSymlink ? TreeEntryKind.Symlink
        : IsFile ? TreeEntryKind.File
        : (Mode & Fifo) != 0 ? TreeEntryKind.Fifo
        : (Mode & CharacterDevice) != 0 ? TreeEntryKind.CharacterDevice : TreeEntryKind.BlockDevice;

    /// <summary>Owner, mode and time as they are to be on this machine: everything is the builder's own.</summary>
    public TreeMetadata Metadata
    {
        get
        {
            var mode = Mode & 0x1FF;
            mode |= (Mode & SetUser) != 0 ? 0x800u : 0;
            mode |= (Mode & SetGroup) != 0 ? 0x400u : 0;
            mode |= (Mode & Sticky) != 0 ? 0x200u : 0;
            var (uid, gid) = TreeWriter.OwnOwner;
            var seconds = Math.DivRem(Modified, Second, out var rest);
            return rest < 0 ? new TreeMetadata(mode, uid, gid, seconds - 1, (uint)(rest + Second)) : new TreeMetadata(mode, uid, gid, seconds, (uint)rest);
        }
    }

    public static ContextEntry From(Stat stat)
    {
        var xattrs = new List<TreeXattr>();
        foreach (var (name, value) in stat.Xattrs)
        {
            // trusted.* steers overlayfs, and is no client's to set.
            if (name.StartsWith("user.", StringComparison.Ordinal) || name == "security.capability")
                xattrs.Add(new TreeXattr(System.Text.Encoding.UTF8.GetBytes(name), value.ToByteArray()));
        }

        // They come in any order.
        xattrs.Sort(static (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));

        return new ContextEntry
        {
            Path = System.Text.Encoding.UTF8.GetBytes(stat.Path),
            Mode = stat.Mode,
            Size = stat.Size,
            Modified = stat.ModTime,
            Link = System.Text.Encoding.UTF8.GetBytes(stat.Linkname),
            Major = stat.Devmajor,
            Minor = stat.Devminor,
            Xattrs = xattrs,
        };
    }

    /// <summary>Go's mode of a file of a tree.</summary>
    public static uint GoMode(TreeEntryKind kind, uint mode)
    {
        var go = mode & 0x1FF;
        go |= (mode & 0x800) != 0 ? SetUser : 0;
        go |= (mode & 0x400) != 0 ? SetGroup : 0;
        go |= (mode & 0x200) != 0 ? Sticky : 0;
        return go | kind switch
        {
            TreeEntryKind.Directory => Folder,
            TreeEntryKind.Symlink => Symlink,
            TreeEntryKind.BlockDevice => Device,
            TreeEntryKind.CharacterDevice => Device | CharacterDevice,
            TreeEntryKind.Fifo => Fifo,
            TreeEntryKind.Socket => Socket,
            _ => 0,
        };
    }

    /// <summary>True when the file that <paramref name="old"/> described is this one still, as far as its description tells.</summary>
    public bool IsSame(ContextEntry old)
    {
        if (Mode != old.Mode || Modified != old.Modified || (!IsFolder && Size != old.Size)
            || Major != old.Major || Minor != old.Minor || Xattrs.Count != old.Xattrs.Count || !Link.AsSpan().SequenceEqual(old.Link))
            return false;
        for (var i = 0; i < Xattrs.Count; i++)
        {
            if (!Xattrs[i].Name.AsSpan().SequenceEqual(old.Xattrs[i].Name) || !Xattrs[i].Value.AsSpan().SequenceEqual(old.Xattrs[i].Value))
                return false;
        }

        return true;
    }
}
