using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>Regular files that are written several at a time, each through a descriptor of its own.</summary>
public sealed unsafe partial class TreeWriter
{
    /// <summary>The owner that files of this process get by themselves.</summary>
    public static (uint Uid, uint Gid) OwnOwner => Owner;

    /// <summary>A new empty file in place of what is there: never the old file written over, which may have other names.</summary>
    public SafeFileHandle Create(ReadOnlySpan<byte> path, uint mode)
    {
        Enter(path, out var name);
        const int Flags = At.O_WRONLY | At.O_CREAT | At.O_EXCL;
        var handle = At.Open(parent, name, Flags, mode & 0x1FF);
        if (handle < 0 && Errno.Last == Errno.EEXIST)
        {
            Clear(path, name, directoryComes: false);
            handle = At.Open(parent, name, Flags, mode & 0x1FF);
        }

        return new SafeFileHandle(Check(handle, "open", path), ownsHandle: true);
    }

    /// <summary>Writes at the descriptor's position.</summary>
    public static void Append(SafeFileHandle handle, ReadOnlySpan<byte> content, ReadOnlySpan<byte> path)
    {
        while (!content.IsEmpty)
        {
            nint written;
            fixed (byte* pointer = content)
                written = Libc.write_fd((int)handle.DangerousGetHandle(), pointer, (nuint)content.Length);
            if (written >= 0)
                content = content[(int)written..];
            else if (Errno.Last != Errno.EINTR)
                throw Failure("write", path);
        }
    }

    /// <summary>Gives a file that is written its owner, mode, attributes and times, and closes it.</summary>
    public static void Finish(SafeFileHandle handle, in TreeMetadata metadata, IReadOnlyList<TreeXattr> xattrs, ReadOnlySpan<byte> path)
    {
        using (handle)
        {
            var descriptor = (int)handle.DangerousGetHandle();
            At.Stat(descriptor, default, out var stat);
            var owned = stat.Uid == metadata.Uid && stat.Gid == metadata.Gid;
            if (!owned)
                Check(Libc.fchown_fd(descriptor, metadata.Uid, metadata.Gid), "lchown", path);
            if (!owned || (stat.Mode & 0xFFF) != (metadata.Mode & 0xFFF))
                Check(Libc.fchmod_fd(descriptor, metadata.Mode & 0xFFF), "chmod", path);
            SetXattrs(descriptor, xattrs, path);
            var times = stackalloc Libc.TimeSpec[2];
            Fill(times, metadata);
            Check(Libc.futimens(descriptor, times), "utimes", path);
        }
    }
}
