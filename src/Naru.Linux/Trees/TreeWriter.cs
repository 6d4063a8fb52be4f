using System.Text;

namespace Naru.Linux;

/// <summary>
/// Writes files below one folder and nowhere else: parents are resolved by openat2(RESOLVE_IN_ROOT), the last component is never followed.
/// Paths are bytes, relative, without «.» and «..» components. One thread at a time.
/// </summary>
/// <remarks>
/// What stands in the way of an entry is removed, except a directory in the way of a directory. The descriptor of the last parent is kept, since
/// archives come in the order of folders. Directories get their times in <see cref="Complete"/>, after all that is put into them.
/// </remarks>
public sealed unsafe partial class TreeWriter : IDisposable
{
    private const uint ImpliedMode = 0x1ED; // 0755

    /// <summary>Whose new files are: this process'.</summary>
    private static readonly (uint Uid, uint Gid) Owner = (Libc.geteuid(), Libc.getegid_tree());

    private readonly int root;
    private readonly HashSet<byte[]> implied = new(ByPath);
    private readonly List<(byte[] Path, TreeMetadata Metadata)> directories = [];
    private readonly byte[] parentPath = new byte[At.MaximumPath];
    private int parentLength = -1;
    private int parent = -1;
    private int file = -1;
    private byte[] filePath = [];
    private long position;
    private bool hole;

    /// <param name="folder">The root; must exist.</param>
    public TreeWriter(string folder) => root = OpenFolder(folder);

    /// <summary>Folders that were made because something is in them, and that no entry named: what they look like is for the layers below to say.</summary>
    public IReadOnlyCollection<byte[]> Implied => implied;

    /// <summary>Refuse to put a directory in place of something else, or the reverse (docker cp), instead of removing what is there.</summary>
    public bool KeepKinds { get; init; }

    /// <summary>Creates a directory, or takes the one that is there, and sets its metadata.</summary>
    public void Directory(ReadOnlySpan<byte> path, in TreeMetadata metadata, IReadOnlyList<TreeXattr> xattrs)
    {
        Enter(path, out var name);
        var buffer = stackalloc byte[At.MaximumName + 1];
        At.Terminate(name, buffer, At.MaximumName);
        var opaque = false;
        if (Libc.mkdirat(parent, buffer, 0x1C0) < 0)
        {
            if (Errno.Last != Errno.EEXIST)
                throw Failure("mkdir", path);
            At.Stat(parent, name, out var stat);
            if ((stat.Mode & 0xF000) != (uint)TreeEntryKind.Directory)
            {
                opaque = IsWhiteout(stat);
                Clear(path, name, directoryComes: true);
                Check(Libc.mkdirat(parent, buffer, 0x1C0), "mkdir", path);
            }
        }

        var handle = Check(At.Open(parent, name, At.O_RDONLY | At.O_DIRECTORY), "open", path);
        try
        {
            Check(Libc.fchown_fd(handle, metadata.Uid, metadata.Gid), "lchown", path);
            Check(Libc.fchmod_fd(handle, metadata.Mode & 0xFFF), "chmod", path);
            SetXattrs(handle, xattrs, path);
            if (opaque)
                SetOpaque(handle, path);
        }
        finally
        {
            Libc.close_fd(handle);
        }

        directories.Add((path.ToArray(), metadata));
        if (implied.Count > 0)
            implied.Remove(path.ToArray());
    }

    /// <summary>Starts a regular file; its bytes follow by <see cref="Write"/> and <see cref="Skip"/>, then <see cref="EndFile"/> with the same metadata.</summary>
    public void BeginFile(ReadOnlySpan<byte> path, in TreeMetadata metadata)
    {
        Enter(path, out var name);
        const int Flags = At.O_WRONLY | At.O_CREAT | At.O_EXCL;
        // One's own may have its bits from the start; another's is nobody's to read before its owner is set.
        var mode = metadata.Uid == Owner.Uid && metadata.Gid == Owner.Gid ? metadata.Mode & 0x1FF : 0x180;
        file = At.Open(parent, name, Flags, mode);
        if (file < 0 && Errno.Last == Errno.EEXIST)
        {
            Clear(path, name, directoryComes: false);
            file = At.Open(parent, name, Flags, mode);
        }

        Check(file, "open", path);
        filePath = path.ToArray();
        position = 0;
        hole = false;
    }

    public void Write(ReadOnlySpan<byte> content)
    {
        if (hole && !content.IsEmpty)
        {
            Check(Libc.lseek_fd(file, position, At.SEEK_SET), "lseek", filePath);
            hole = false;
        }

        position += content.Length;
        while (!content.IsEmpty)
        {
            nint written;
            fixed (byte* pointer = content)
                written = Libc.write_fd(file, pointer, (nuint)content.Length);
            if (written < 0)
            {
                if (Errno.Last == Errno.EINTR)
                    continue;
                throw Failure("write", filePath);
            }

            content = content[(int)written..];
        }
    }

    /// <summary>Leaves a hole of <paramref name="length"/> bytes.</summary>
    public void Skip(long length)
    {
        position += length;
        hole |= length > 0;
    }

    public void EndFile(in TreeMetadata metadata, IReadOnlyList<TreeXattr> xattrs)
    {
        if (hole)
            Check(Libc.ftruncate_fd(file, position), "ftruncate", filePath);
        // Asking what is right already costs less than setting it again: no journal. The owner first: changing it clears setuid and file capabilities.
        At.Stat(file, default, out var stat);
        var owned = stat.Uid == metadata.Uid && stat.Gid == metadata.Gid;
        if (!owned)
            Check(Libc.fchown_fd(file, metadata.Uid, metadata.Gid), "lchown", filePath);
        if (!owned || (stat.Mode & 0xFFF) != (metadata.Mode & 0xFFF))
            Check(Libc.fchmod_fd(file, metadata.Mode & 0xFFF), "chmod", filePath);
        SetXattrs(file, xattrs, filePath);
        var times = stackalloc Libc.TimeSpec[2];
        Fill(times, metadata);
        Check(Libc.futimens(file, times), "utimes", filePath);
        CloseFile();
    }

    public void Symlink(ReadOnlySpan<byte> path, ReadOnlySpan<byte> target, in TreeMetadata metadata, IReadOnlyList<TreeXattr> xattrs)
    {
        Enter(path, out var name);
        var buffer = stackalloc byte[At.MaximumName + 1];
        At.Terminate(name, buffer, At.MaximumName);
        var targetBuffer = stackalloc byte[At.MaximumPath + 1];
        At.Terminate(target, targetBuffer, At.MaximumPath);
        if (Libc.symlinkat(targetBuffer, parent, buffer) < 0)
        {
            if (Errno.Last != Errno.EEXIST)
                throw Failure("symlink", path);
            Clear(path, name, directoryComes: false);
            Check(Libc.symlinkat(targetBuffer, parent, buffer), "symlink", path);
        }

        SetByName(path, name, metadata, xattrs, chmod: false);
    }

    /// <summary>Makes <paramref name="path"/> another name of <paramref name="target"/>, which is resolved inside the root and not followed.</summary>
    public void HardLink(ReadOnlySpan<byte> path, ReadOnlySpan<byte> target)
    {
        Split(target, out var targetParent, out var targetName);
        Enter(path, out var name);
        var from = At.OpenInRoot(root, targetParent, At.O_PATH | At.O_DIRECTORY);
        if (from < 0)
            throw new LinuxException(Errno.Last, "link", $"{At.Text(target)} {At.Text(path)}");
        try
        {
            var buffer = stackalloc byte[At.MaximumName + 1];
            At.Terminate(name, buffer, At.MaximumName);
            var targetBuffer = stackalloc byte[At.MaximumName + 1];
            At.Terminate(targetName, targetBuffer, At.MaximumName);
            if (Libc.linkat(from, targetBuffer, parent, buffer, 0) == 0)
                return;
            if (Errno.Last == Errno.EEXIST)
            {
                // A link to itself must not remove the only copy.
                if (At.Stat(from, targetName, out var old) && At.Stat(parent, name, out var present)
                    && (old.Inode, old.DevMajor, old.DevMinor) == (present.Inode, present.DevMajor, present.DevMinor))
                    return;
                Clear(path, name, directoryComes: false);
                if (Libc.linkat(from, targetBuffer, parent, buffer, 0) == 0)
                    return;
            }

            throw new LinuxException(Errno.Last, "link", $"{At.Text(target)} {At.Text(path)}");
        }
        finally
        {
            Libc.close_fd(from);
        }
    }

    /// <summary>Creates a FIFO, a device node or a socket's name.</summary>
    public void Node(ReadOnlySpan<byte> path, TreeEntryKind kind, uint major, uint minor, in TreeMetadata metadata, IReadOnlyList<TreeXattr> xattrs)
    {
        Enter(path, out var name);
        MakeNode(path, name, kind, major, minor);
        SetByName(path, name, metadata, xattrs, chmod: true);
    }

    /// <summary>Removes <paramref name="path"/> and all below it. False when there was nothing.</summary>
    public bool Remove(ReadOnlySpan<byte> path)
    {
        Split(path, out var parentOf, out var name);
        var folder = At.OpenInRoot(root, parentOf, At.O_PATH | At.O_DIRECTORY);
        if (folder < 0)
            return Errno.Last is Errno.ENOENT or Errno.ENOTDIR ? false : throw Failure("open", path);
        try
        {
            LeaveParent();
            return At.RemoveTree(folder, name);
        }
        finally
        {
            Libc.close_fd(folder);
        }
    }

    /// <summary>The names in a folder of the tree; empty when there is no such folder.</summary>
    public IReadOnlyList<byte[]> List(ReadOnlySpan<byte> path)
    {
        var folder = At.OpenInRoot(root, path, At.O_RDONLY | At.O_DIRECTORY);
        if (folder < 0)
            return Errno.Last is Errno.ENOENT or Errno.ENOTDIR ? [] : throw Failure("open", path);
        try
        {
            return At.List(folder);
        }
        finally
        {
            Libc.close_fd(folder);
        }
    }

    /// <summary>True when <paramref name="path"/> itself is a directory, not a link to one.</summary>
    public bool IsDirectory(ReadOnlySpan<byte> path)
    {
        Split(path, out var parentOf, out var name);
        var folder = At.OpenInRoot(root, parentOf, At.O_PATH | At.O_DIRECTORY);
        if (folder < 0)
            return false;
        try
        {
            return At.Stat(folder, name, out var stat) && (stat.Mode & 0xF000) == (uint)TreeEntryKind.Directory;
        }
        finally
        {
            Libc.close_fd(folder);
        }
    }

    /// <summary>Sets the times of the directories that were written. Call once, at the end.</summary>
    public void Complete()
    {
        LeaveParent();
        var times = stackalloc Libc.TimeSpec[2];
        for (var i = directories.Count - 1; i >= 0; i--)
        {
            // A later entry may have put something else in a directory's place; that has its own times.
            var handle = At.OpenInRoot(root, directories[i].Path, At.O_RDONLY | At.O_DIRECTORY | At.O_NOFOLLOW);
            if (handle < 0)
                continue;
            Fill(times, directories[i].Metadata);
            Libc.futimens(handle, times);
            Libc.close_fd(handle);
        }

        directories.Clear();
    }

    /// <summary>Makes all that was written to this file system durable (syncfs(2)): call once for many trees on one file system.</summary>
    public void Sync() => Errno.Check(Libc.syncfs_fd(root), "syncfs");

    /// <inheritdoc cref="Sync()"/>
    public static void Sync(string folder)
    {
        var handle = OpenFolder(folder);
        var result = Libc.syncfs_fd(handle);
        var errno = Errno.Last;
        Libc.close_fd(handle);
        if (result < 0)
            throw new LinuxException(errno, "syncfs", folder);
    }

    public void Dispose()
    {
        CloseFile();
        LeaveParent();
        Libc.close_fd(root);
    }

    private void CloseFile()
    {
        if (file >= 0)
            Libc.close_fd(file);
        file = -1;
    }

    private void LeaveParent()
    {
        if (parent >= 0)
            Libc.close_fd(parent);
        parent = -1;
        parentLength = -1;
    }

    private static int OpenFolder(string folder)
    {
        var name = Encoding.UTF8.GetBytes(folder + "\0");
        fixed (byte* pointer = name)
            return Errno.Check(Libc.openat(At.AT_FDCWD, pointer, At.O_RDONLY | At.O_DIRECTORY | At.O_CLOEXEC, 0), "open", folder);
    }

    private static int Check(int result, string call, ReadOnlySpan<byte> path) => result >= 0 ? result : throw Failure(call, path);

    private static void Check(long result, string call, ReadOnlySpan<byte> path)
    {
        if (result < 0)
            throw Failure(call, path);
    }

    private static LinuxException Failure(string call, ReadOnlySpan<byte> path) => new(Errno.Last, call, At.Text(path));

    private static void Fill(Libc.TimeSpec* times, in TreeMetadata metadata)
    {
        times[0] = new Libc.TimeSpec { Seconds = metadata.Seconds, Nanoseconds = metadata.Nanoseconds };
        times[1] = times[0];
    }

    private static bool IsWhiteout(in Libc.StatX stat) =>
        (stat.Mode & 0xF000) == (uint)TreeEntryKind.CharacterDevice && stat.RdevMajor == 0 && stat.RdevMinor == 0;
}
