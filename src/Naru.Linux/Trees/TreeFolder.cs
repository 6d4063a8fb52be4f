using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>
/// A folder of a foreign tree, held open: what is in it is reached by one name at a time, never followed, so that no link and no rename can lead
/// elsewhere. Names are bytes; an empty one is the folder itself. Owned by who opened it; several threads may use it.
/// </summary>
public sealed unsafe partial class TreeFolder : IDisposable
{
    private int handle;

    private TreeFolder(int handle) => this.handle = handle;

    ~TreeFolder() => Dispose();

    /// <summary>Opens a folder of this machine's, links followed: the root of a tree.</summary>
    /// <exception cref="LinuxException"/>
    public static TreeFolder Open(string path)
    {
        var name = Encoding.UTF8.GetBytes(path + "\0");
        fixed (byte* pointer = name)
            return new TreeFolder(Errno.Check(Libc.openat(At.AT_FDCWD, pointer, At.O_RDONLY | At.O_DIRECTORY | At.O_CLOEXEC, 0), "open", path));
    }

    /// <summary>A path that names the open folder itself, for what takes only paths. Needs the host's /proc; valid until disposed.</summary>
    public string ProcPath => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{handle}");

    /// <summary>A second descriptor of the same folder.</summary>
    public TreeFolder Again() => Enter(default);

    /// <summary>Opens a folder in this one.</summary>
    /// <exception cref="LinuxException">ENOENT; ENOTDIR, ELOOP: something else is there.</exception>
    public TreeFolder Enter(ReadOnlySpan<byte> name) =>
        new(Check(At.Open(handle, name.IsEmpty ? "."u8 : name, At.O_RDONLY | At.O_DIRECTORY), "open", name));

    /// <summary>Opens a folder further down, links on the way read as if this one were «/»; null when there is none.</summary>
    public TreeFolder? TryBelow(ReadOnlySpan<byte> path)
    {
        var found = At.OpenInRoot(handle, path, At.O_RDONLY | At.O_DIRECTORY | At.O_NOFOLLOW);
        if (found >= 0)
            return new TreeFolder(found);
        return Errno.Last is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP ? null : throw Failure("open", path);
    }

    /// <summary>False when there is no such name.</summary>
    public bool TryStatus(ReadOnlySpan<byte> name, out TreeStatus status)
    {
        var found = At.Stat(handle, name, out var stat);
        status = found ? TreeStatus.From(stat) : default;
        return found;
    }

    /// <summary>In byte order, without «.» and «..».</summary>
    public List<byte[]> Names()
    {
        // A descriptor of its own, since reading moves the position.
        var listing = Check(At.Open(handle, "."u8, At.O_RDONLY | At.O_DIRECTORY), "open", default);
        try
        {
            var names = At.List(listing);
            names.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
            return names;
        }
        finally
        {
            Libc.close_fd(listing);
        }
    }

    public byte[] ReadLink(ReadOnlySpan<byte> name) => At.ReadLink(handle, name);

    /// <summary>Opens a regular file for reading.</summary>
    /// <exception cref="LinuxException">ELOOP: it has become a symbolic link.</exception>
    // O_NONBLOCK: should a FIFO have taken the file's place, opening must not wait.
    public SafeFileHandle OpenFile(ReadOnlySpan<byte> name) =>
        new(Check(At.Open(handle, name, At.O_RDONLY | At.O_NONBLOCK), "open", name), ownsHandle: true);

    /// <summary>Creates a file for writing. The name must be free.</summary>
    public SafeFileHandle CreateFile(ReadOnlySpan<byte> name, uint mode) =>
        new(Check(At.Open(handle, name, At.O_WRONLY | At.O_CREAT | At.O_EXCL, mode), "open", name), ownsHandle: true);

    /// <summary>mkdirat(2), subject to the umask; false if something is there.</summary>
    public bool MakeFolder(ReadOnlySpan<byte> name, uint mode)
    {
        var buffer = stackalloc byte[At.MaximumName + 1];
        At.Terminate(name, buffer, At.MaximumName);
        if (Libc.mkdirat(handle, buffer, mode) == 0)
            return true;
        return Errno.Last == Errno.EEXIST ? false : throw Failure("mkdir", name);
    }

    public void MakeSymlink(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target)
    {
        var buffer = stackalloc byte[At.MaximumName + 1];
        At.Terminate(name, buffer, At.MaximumName);
        var targetBuffer = stackalloc byte[At.MaximumPath + 1];
        At.Terminate(target, targetBuffer, At.MaximumPath);
        Check(Libc.symlinkat(targetBuffer, handle, buffer), "symlink", name);
    }

    /// <summary>Creates a FIFO, a device node or a socket's name.</summary>
    public void MakeNode(ReadOnlySpan<byte> name, TreeEntryKind kind, uint major, uint minor)
    {
        var buffer = stackalloc byte[At.MaximumName + 1];
        At.Terminate(name, buffer, At.MaximumName);
        // glibc's makedev.
        var device = ((ulong)(major & 0xFFFFF000) << 32) | ((ulong)(major & 0xFFF) << 8) | ((ulong)(minor & 0xFFFFFF00) << 12) | (minor & 0xFF);
        Check(Libc.mknodat(handle, buffer, (uint)kind | 0x180, device), "mknod", name);
    }

    /// <summary>Makes <paramref name="name"/> another name of a file elsewhere, which is not followed.</summary>
    /// <returns>False when the file systems, or a limit of theirs, do not allow it.</returns>
    public bool TryLink(ReadOnlySpan<byte> name, TreeFolder from, ReadOnlySpan<byte> fromName)
    {
        var buffer = stackalloc byte[At.MaximumName + 1];
        At.Terminate(name, buffer, At.MaximumName);
        var fromBuffer = stackalloc byte[At.MaximumName + 1];
        At.Terminate(fromName, fromBuffer, At.MaximumName);
        if (Libc.linkat(from.handle, fromBuffer, handle, buffer, 0) == 0)
            return true;
        return Errno.Last is Errno.EXDEV or Errno.EPERM or Errno.EMLINK or Errno.EOPNOTSUPP ? false : throw Failure("link", name);
    }

    /// <summary>Removes a name that is not a folder's.</summary>
    public void Unlink(ReadOnlySpan<byte> name)
    {
        var buffer = stackalloc byte[At.MaximumName + 1];
        At.Terminate(name, buffer, At.MaximumName);
        Check(Libc.unlinkat(handle, buffer, 0), "unlink", name);
    }

    /// <summary>Removes a name with all below it; false when there was none.</summary>
    public bool RemoveTree(ReadOnlySpan<byte> name) => At.RemoveTree(handle, name);

    /// <summary>Makes the names in it durable: fsync(2).</summary>
    public void Sync() => Check(Libc.fsync_fd(handle), "fsync", default);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref handle, -1) is var open and >= 0)
            Libc.close_fd(open);
        GC.SuppressFinalize(this);
    }

    private static int Check(int result, string call, ReadOnlySpan<byte> name) => result >= 0 ? result : throw Failure(call, name);

    private static LinuxException Failure(string call, ReadOnlySpan<byte> name) => new(Errno.Last, call, At.Text(name));
}
