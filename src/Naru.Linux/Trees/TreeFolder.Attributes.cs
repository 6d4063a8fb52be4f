namespace Naru.Linux;

/// <summary>Owners, modes, times and extended attributes, by name.</summary>
public sealed unsafe partial class TreeFolder
{
    /// <summary>Of the name itself, also of a link. The kernel clears setuid and setgid of a file: set the mode afterwards.</summary>
    public void SetOwner(ReadOnlySpan<byte> name, uint uid, uint gid)
    {
        var buffer = stackalloc byte[At.MaximumName + 1];
        At.Terminate(name, buffer, At.MaximumName);
        Check(Libc.fchownat(handle, buffer, uid, gid, At.AT_SYMLINK_NOFOLLOW | At.AT_EMPTY_PATH), "lchown", name);
    }

    /// <summary>Permission bits of anything but a link; through a descriptor of its own, so that a link swapped in is not followed.</summary>
    public void SetMode(ReadOnlySpan<byte> name, uint mode)
    {
        if (name.IsEmpty)
        {
            Check(Libc.fchmod_fd(handle, mode), "chmod", name);
            return;
        }

        var node = Check(At.Open(handle, name, At.O_PATH), "open", name);
        try
        {
            Span<byte> procPath = stackalloc byte[64];
            System.Text.Unicode.Utf8.TryWrite(procPath, $"/proc/self/fd/{node}\0", out _);
            fixed (byte* pointer = procPath)
                Check(Libc.fchmodat(At.AT_FDCWD, pointer, mode, 0), "chmod", name);
        }
        finally
        {
            Libc.close_fd(node);
        }
    }

    /// <summary>Access and modification time, of a link too.</summary>
    public void SetTime(ReadOnlySpan<byte> name, long seconds, uint nanoseconds)
    {
        var times = stackalloc Libc.TimeSpec[2];
        times[0] = times[1] = new Libc.TimeSpec { Seconds = seconds, Nanoseconds = nanoseconds };
        if (name.IsEmpty)
        {
            Check(Libc.futimens(handle, times), "utimes", name);
            return;
        }

        var buffer = stackalloc byte[At.MaximumName + 1];
        At.Terminate(name, buffer, At.MaximumName);
        Check(Libc.utimensat(handle, buffer, times, At.AT_SYMLINK_NOFOLLOW), "utimes", name);
    }

    /// <summary>The folder's own extended attributes, by name in order; none of overlayfs' own.</summary>
    public List<TreeXattr> Xattrs() => TreeFiles.Xattrs(handle);

    /// <summary>Those of a file or folder in it, not followed.</summary>
    public List<TreeXattr> Xattrs(ReadOnlySpan<byte> name)
    {
        // Most have none, and one call by name tells.
        if (At.ListXattrs(handle, name, null, 0) <= 0)
            return [];
        var node = Check(At.Open(handle, name, At.O_RDONLY | At.O_NONBLOCK), "open", name);
        try
        {
            return TreeFiles.Xattrs(node);
        }
        finally
        {
            Libc.close_fd(node);
        }
    }

    /// <summary>Sets attributes of the folder itself; one that the file system does not take is left out.</summary>
    public void SetXattrs(IReadOnlyList<TreeXattr> xattrs) => TreeFiles.SetXattrs(handle, xattrs);
}
