namespace Naru.Linux;

/// <summary>Nodes, metadata by name, and overlayfs' own marks.</summary>
public sealed unsafe partial class TreeWriter
{
    /// <summary>overlayfs' whiteout (character device 0:0): hides <paramref name="path"/> in the layers below.</summary>
    /// <remarks>What this layer already has there stays, and hides the lower by itself: a directory is made opaque for that.</remarks>
    public void Whiteout(ReadOnlySpan<byte> path)
    {
        Enter(path, out var name);
        if (!At.Stat(parent, name, out var stat))
            MakeNode(path, name, TreeEntryKind.CharacterDevice, 0, 0);
        else if ((stat.Mode & 0xF000) == (uint)TreeEntryKind.Directory)
            Opaque(path);
    }

    /// <summary>Makes a directory opaque: overlayfs shows nothing of it from the layers below. Created when missing.</summary>
    public void Opaque(ReadOnlySpan<byte> path)
    {
        if (!path.IsEmpty)
        {
            Enter(path, out var name);
            if (!At.Stat(parent, name, out _))
                MakeParent(path, 0);
        }

        var handle = Check(At.OpenInRoot(root, path, At.O_RDONLY | At.O_DIRECTORY), "open", path);
        try
        {
            SetOpaque(handle, path);
        }
        finally
        {
            Libc.close_fd(handle);
        }
    }

    private static void SetOpaque(int handle, ReadOnlySpan<byte> path)
    {
        byte value = (byte)'y';
        fixed (byte* name = "trusted.overlay.opaque\0"u8)
            Check(Libc.fsetxattr(handle, name, &value, 1, 0), "setxattr trusted.overlay.opaque", path);
    }

    private void MakeNode(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, TreeEntryKind kind, uint major, uint minor)
    {
        var buffer = stackalloc byte[At.MaximumName + 1];
        At.Terminate(name, buffer, At.MaximumName);
        // glibc's makedev.
        var device = ((ulong)(major & 0xFFFFF000) << 32) | ((ulong)(major & 0xFFF) << 8) | ((ulong)(minor & 0xFFFFFF00) << 12) | (minor & 0xFF);
        if (Libc.mknodat(parent, buffer, (uint)kind, device) == 0)
            return;
        if (Errno.Last != Errno.EEXIST)
            throw Failure("mknod", path);
        Clear(path, name, directoryComes: false);
        Check(Libc.mknodat(parent, buffer, (uint)kind, device), "mknod", path);
    }

    /// <summary>Metadata of what has no descriptor: links and nodes, made a moment ago in the current parent.</summary>
    private void SetByName(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, in TreeMetadata metadata, IReadOnlyList<TreeXattr> xattrs, bool chmod)
    {
        var buffer = stackalloc byte[At.MaximumName + 1];
        At.Terminate(name, buffer, At.MaximumName);
        Check(Libc.fchownat(parent, buffer, metadata.Uid, metadata.Gid, At.AT_SYMLINK_NOFOLLOW), "lchown", path);
        if (chmod)
            ChangeMode(path, name, metadata.Mode & 0xFFF);
        Span<byte> procPath = stackalloc byte[At.MaximumName + 64];
        At.ProcPath(parent, name, procPath);
        foreach (var xattr in xattrs)
        {
            fixed (byte* pointer = procPath, xattrName = (byte[])[.. xattr.Name, 0], value = xattr.Value)
                CheckXattr(Libc.lsetxattr(pointer, xattrName, value, (nuint)xattr.Value.Length, 0), xattr, path);
        }

        var times = stackalloc Libc.TimeSpec[2];
        Fill(times, metadata);
        Check(Libc.utimensat(parent, buffer, times, At.AT_SYMLINK_NOFOLLOW), "utimes", path);
    }

    /// <summary>chmod of a node that may not be opened: through an O_PATH descriptor, so that a link swapped in is not followed.</summary>
    private void ChangeMode(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, uint mode)
    {
        var handle = Check(At.Open(parent, name, At.O_PATH), "open", path);
        try
        {
            Span<byte> procPath = stackalloc byte[64];
            System.Text.Unicode.Utf8.TryWrite(procPath, $"/proc/self/fd/{handle}\0", out _);
            fixed (byte* pointer = procPath)
                Check(Libc.fchmodat(At.AT_FDCWD, pointer, mode, 0), "chmod", path);
        }
        finally
        {
            Libc.close_fd(handle);
        }
    }

    private static void SetXattrs(int handle, IReadOnlyList<TreeXattr> xattrs, ReadOnlySpan<byte> path)
    {
        foreach (var xattr in xattrs)
        {
            fixed (byte* name = (byte[])[.. xattr.Name, 0], value = xattr.Value)
                CheckXattr(Libc.fsetxattr(handle, name, value, (nuint)xattr.Value.Length, 0), xattr, path);
        }
    }

    /// <summary>A file system without this kind of attribute is no reason to fail, as with tar and containerd.</summary>
    private static void CheckXattr(int result, TreeXattr xattr, ReadOnlySpan<byte> path)
    {
        if (result < 0 && Errno.Last != Errno.EOPNOTSUPP)
            throw Failure($"setxattr {At.Text(xattr.Name)}", path);
    }

    /// <summary>Makes room for an entry.</summary>
    private void Clear(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, bool directoryComes)
    {
        At.Stat(parent, name, out var stat);
        var isDirectory = (stat.Mode & 0xF000) == (uint)TreeEntryKind.Directory;
        if (KeepKinds && isDirectory != directoryComes)
            throw new LinuxException(isDirectory ? Errno.EISDIR : Errno.ENOTDIR, "open", At.Text(path));
        At.RemoveTree(parent, name);
    }
}
