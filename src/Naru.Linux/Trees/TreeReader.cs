using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>Walks a folder without ever following a symbolic link: parents before children, names in byte order, so that archives come out the same.</summary>
public sealed unsafe class TreeReader : IDisposable
{
    private readonly SafeFileHandle root;

    public TreeReader(string folder)
    {
        var name = Encoding.UTF8.GetBytes(folder + "\0");
        fixed (byte* pointer = name)
            root = new SafeFileHandle(Errno.Check(Libc.openat(At.AT_FDCWD, pointer, At.O_RDONLY | At.O_DIRECTORY | At.O_CLOEXEC, 0), "open", folder), ownsHandle: true);
    }

    /// <summary>All entries below <paramref name="start"/>, itself first. What vanishes meanwhile is left out.</summary>
    /// <param name="start">A path below the root, links in its folders read inside the root; empty for the root.</param>
    /// <exception cref="LinuxException">ENOENT: no such path.</exception>
    public IEnumerable<TreeEntry> Walk(byte[]? start = null)
    {
        var pending = new Stack<byte[]>();
        pending.Push(start ?? []);
        var first = true;
        while (pending.TryPop(out var path))
        {
            var entry = Read(path);
            if (entry is null)
            {
                if (first)
                    throw new LinuxException(Errno.ENOENT, "lstat", At.Text(path));
                continue;
            }

            first = false;
            yield return entry;
            if (entry.Kind != TreeEntryKind.Directory)
                continue;
            var names = Names(path);
            names.Sort(static (a, b) => b.AsSpan().SequenceCompareTo(a));
            foreach (var name in names)
                pending.Push(path.Length == 0 ? name : [.. path, (byte)'/', .. name]);
        }
    }

    /// <summary>One entry, null when there is none.</summary>
    public TreeEntry? Read(ReadOnlySpan<byte> path)
    {
        var handle = At.OpenInRoot((int)root.DangerousGetHandle(), path, At.O_PATH | At.O_NOFOLLOW);
        if (handle < 0)
            return Errno.Last is Errno.ENOENT or Errno.ENOTDIR ? null : throw new LinuxException(Errno.Last, "open", At.Text(path));
        try
        {
            At.Stat(handle, default, out var stat);
            var kind = (TreeEntryKind)(stat.Mode & 0xF000u);
            return new TreeEntry
            {
                Path = path.ToArray(),
                Kind = kind,
                Metadata = new TreeMetadata(stat.Mode & 0xFFFu, stat.Uid, stat.Gid, stat.Modified.Seconds, stat.Modified.Nanoseconds),
                Size = kind == TreeEntryKind.File ? (long)stat.Size : 0,
                LinkTarget = kind == TreeEntryKind.Symlink ? At.ReadLink(handle, default) : [],
                DeviceMajor = stat.RdevMajor,
                DeviceMinor = stat.RdevMinor,
                Links = stat.Links,
                Identity = (stat.DevMajor, stat.DevMinor, stat.Inode),
                Xattrs = kind is TreeEntryKind.File or TreeEntryKind.Directory ? Xattrs(handle) : [],
            };
        }
        finally
        {
            Libc.close_fd(handle);
        }
    }

    /// <summary>Opens a regular file of the tree for reading.</summary>
    /// <exception cref="LinuxException">ELOOP when it has become a symbolic link.</exception>
    public SafeFileHandle Open(ReadOnlySpan<byte> path)
    {
        // O_NONBLOCK: should a FIFO have taken the file's place, opening must not wait.
        var handle = At.OpenInRoot((int)root.DangerousGetHandle(), path, At.O_RDONLY | At.O_NOFOLLOW | At.O_NONBLOCK);
        return new SafeFileHandle(Errno.Check(handle, "open", At.Text(path)), ownsHandle: true);
    }

    public void Dispose() => root.Dispose();

    private List<byte[]> Names(ReadOnlySpan<byte> path)
    {
        var handle = At.OpenInRoot((int)root.DangerousGetHandle(), path, At.O_RDONLY | At.O_DIRECTORY | At.O_NOFOLLOW);
        if (handle < 0)
            return Errno.Last is Errno.ENOENT or Errno.ENOTDIR ? [] : throw new LinuxException(Errno.Last, "open", At.Text(path));
        try
        {
            return At.List(handle);
        }
        finally
        {
            Libc.close_fd(handle);
        }
    }

    /// <summary>The attributes behind an O_PATH descriptor, through its name in /proc.</summary>
    private static List<TreeXattr> Xattrs(int handle)
    {
        var xattrs = new List<TreeXattr>();
        Span<byte> path = stackalloc byte[64];
        System.Text.Unicode.Utf8.TryWrite(path, $"/proc/self/fd/{handle}\0", out _);
        var names = new byte[4096];
        fixed (byte* pathPointer = path)
        {
            // Following the last component here is following the descriptor, not a link in the tree.
            nint length;
            while (true)
            {
                fixed (byte* list = names)
                    length = Libc.listxattr(pathPointer, list, (nuint)names.Length);
                if (length >= 0)
                    break;
                if (Errno.Last != Errno.ERANGE || names.Length >= 64 << 10)
                    return xattrs;
                names = new byte[64 << 10];
            }

            foreach (var range in names.AsSpan(0, (int)length).Split((byte)0))
            {
                byte[] name = [.. names.AsSpan(0, (int)length)[range], 0];
                if (name.Length == 1)
                    continue;
                fixed (byte* namePointer = name)
                {
                    var size = Libc.getxattr(pathPointer, namePointer, null, 0);
                    if (size < 0)
                        continue;
                    var value = new byte[size];
                    fixed (byte* valuePointer = value)
                        size = Libc.getxattr(pathPointer, namePointer, valuePointer, (nuint)value.Length);
                    if (size == value.Length)
                        xattrs.Add(new TreeXattr(name[..^1], value));
                }
            }
        }

        xattrs.Sort(static (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        return xattrs;
    }
}
