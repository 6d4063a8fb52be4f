using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>The folders of a tree one by one: what is in each, by one statx(2) an entry, relative to the folder's descriptor.</summary>
/// <remarks>Nothing is followed out of the tree: folders and files are opened below the root by openat2(RESOLVE_IN_ROOT). Usable from several threads.</remarks>
public sealed unsafe class FolderListing : IDisposable
{
    private readonly SafeFileHandle root;

    /// <exception cref="LinuxException">ENOENT, ENOTDIR, EACCES.</exception>
    public FolderListing(string folder)
    {
        var name = Encoding.UTF8.GetBytes(folder + "\0");
        fixed (byte* pointer = name)
            root = new SafeFileHandle(Errno.Check(Libc.openat(At.AT_FDCWD, pointer, At.O_RDONLY | At.O_DIRECTORY | At.O_CLOEXEC, 0), "open", folder), ownsHandle: true);
    }

    private int Root => (int)root.DangerousGetHandle();

    /// <summary>What is in one folder, by name in byte order. What vanishes meanwhile is left out; a folder that is gone is empty.</summary>
    /// <exception cref="LinuxException">The folder may not be read.</exception>
    public List<TreeEntry> List(ReadOnlySpan<byte> folder)
    {
        var entries = new List<TreeEntry>();
        var handle = At.OpenInRoot(Root, folder, At.O_RDONLY | At.O_DIRECTORY | At.O_NOFOLLOW);
        if (handle < 0)
            return Errno.Last is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP ? entries : throw new LinuxException(Errno.Last, "open", At.Text(folder));
        try
        {
            var names = At.List(handle);
            names.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
            foreach (var name in names)
            {
                if (At.Stat(handle, name, out var stat))
                    entries.Add(Entry(handle, folder.IsEmpty ? name : [.. folder, (byte)'/', .. name], name, stat));
            }
        }
        finally
        {
            Libc.close_fd(handle);
        }

        return entries;
    }

    /// <summary>One entry, its last component not followed; null when there is none.</summary>
    public TreeEntry? Find(ReadOnlySpan<byte> path)
    {
        var handle = At.OpenInRoot(Root, path, At.O_PATH | At.O_NOFOLLOW);
        if (handle < 0)
            return Errno.Last is Errno.ENOENT or Errno.ENOTDIR ? null : throw new LinuxException(Errno.Last, "open", At.Text(path));
        try
        {
            At.Stat(handle, default, out var stat);
            return Entry(handle, path.ToArray(), default, stat);
        }
        finally
        {
            Libc.close_fd(handle);
        }
    }

    /// <summary>Opens a regular file for reading.</summary>
    /// <exception cref="LinuxException">ENOENT: it is gone; ELOOP: it has become a symbolic link.</exception>
    public SafeFileHandle Open(ReadOnlySpan<byte> path)
    {
        // O_NONBLOCK: should a FIFO have taken the file's place, opening must not wait.
        var handle = At.OpenInRoot(Root, path, At.O_RDONLY | At.O_NOFOLLOW | At.O_NONBLOCK);
        return new SafeFileHandle(Errno.Check(handle, "open", At.Text(path)), ownsHandle: true);
    }

    public void Dispose() => root.Dispose();

    private static TreeEntry Entry(int folder, byte[] path, ReadOnlySpan<byte> name, in Libc.StatX stat)
    {
        var kind = (TreeEntryKind)(stat.Mode & 0xF000u);
        return new TreeEntry
        {
            Path = path,
            Kind = kind,
            Metadata = new TreeMetadata(stat.Mode & 0xFFFu, stat.Uid, stat.Gid, stat.Modified.Seconds, stat.Modified.Nanoseconds),
            Size = kind == TreeEntryKind.File ? (long)stat.Size : 0,
            LinkTarget = kind == TreeEntryKind.Symlink ? At.ReadLink(folder, name) : [],
            DeviceMajor = stat.RdevMajor,
            DeviceMinor = stat.RdevMinor,
            Links = stat.Links,
            Identity = (stat.DevMajor, stat.DevMinor, stat.Inode),
            Xattrs = !name.IsEmpty && kind is TreeEntryKind.File or TreeEntryKind.Directory ? Xattrs(folder, name) : [],
        };
    }

    /// <summary>The extended attributes of an entry of a folder; empty where there are none or the file system has none.</summary>
    private static IReadOnlyList<TreeXattr> Xattrs(int folder, ReadOnlySpan<byte> entry)
    {
        var list = stackalloc byte[4096];
        var size = At.ListXattrs(folder, entry, list, 4096);
        if (size <= 0)
            return [];
        Span<byte> path = stackalloc byte[64 + At.MaximumName];
        At.ProcPath(folder, entry, path);
        fixed (byte* pointer = path)
        {
            var xattrs = new List<TreeXattr>();
            for (var at = 0; at < size;)
            {
                var key = new ReadOnlySpan<byte>(list + at, (int)size - at);
                key = key[..key.IndexOf((byte)0)];
                var room = Libc.lgetxattr(pointer, list + at, null, 0);
                var value = new byte[Math.Max(0, room)];
                fixed (byte* into = value)
                {
                    if (room >= 0 && Libc.lgetxattr(pointer, list + at, into, (nuint)value.Length) == room)
                        xattrs.Add(new TreeXattr(key.ToArray(), value));
                }

                at += key.Length + 1;
            }

            return xattrs;
        }
    }
}
