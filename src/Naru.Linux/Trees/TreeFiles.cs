using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>Contents and attributes of open regular files.</summary>
public static unsafe class TreeFiles
{
    private const int Chunk = 128 << 10, LargestList = 64 << 10;

    /// <summary>Whose new files are: this process'.</summary>
    public static readonly (uint Uid, uint Gid) Self = (Libc.geteuid(), Libc.getegid_tree());

    /// <summary>statx(2) of an open file.</summary>
    public static TreeStatus Status(SafeFileHandle file)
    {
        At.Stat(Raw(file), default, out var stat);
        return TreeStatus.From(stat);
    }

    /// <summary>Gives an empty file the content of another: shares its blocks where the file system can, else copies, holes left holes.</summary>
    /// <param name="status">The source's.</param>
    public static void CopyContent(SafeFileHandle from, SafeFileHandle to, in TreeStatus status)
    {
        var (source, target) = (Raw(from), Raw(to));
        if (status.Size <= Chunk)
        {
            Pump(source, target, long.MaxValue);
            return;
        }

        if (Libc.ioctl_clone(target, Libc.FICLONE, source) == 0)
            return;
        if (status.Blocks * 512 < status.Size)
            CopyParts(source, target);
        else
            CopyRange(source, target, long.MaxValue);
    }

    /// <summary>Owner, permission bits and time of a file that was just written, in the order that keeps setuid.</summary>
    public static void Dress(SafeFileHandle file, in TreeMetadata metadata)
    {
        var handle = Raw(file);
        At.Stat(handle, default, out var stat);
        // Asking costs less than setting what is so already.
        var owned = stat.Uid == metadata.Uid && stat.Gid == metadata.Gid;
        if (!owned)
            Errno.Check(Libc.fchown_fd(handle, metadata.Uid, metadata.Gid), "lchown");
        if (!owned || (stat.Mode & 0xFFF) != (metadata.Mode & 0xFFF))
            Errno.Check(Libc.fchmod_fd(handle, metadata.Mode & 0xFFF), "chmod");
        var times = stackalloc Libc.TimeSpec[2];
        times[0] = times[1] = new Libc.TimeSpec { Seconds = metadata.Seconds, Nanoseconds = metadata.Nanoseconds };
        Errno.Check(Libc.futimens(handle, times), "utimes");
    }

    /// <summary>The file's extended attributes, by name in order; none of overlayfs' own.</summary>
    public static List<TreeXattr> Xattrs(SafeFileHandle file) => Xattrs(Raw(file));

    /// <summary>Sets attributes; one that the file system does not take is left out.</summary>
    public static void SetXattrs(SafeFileHandle file, IReadOnlyList<TreeXattr> xattrs) => SetXattrs(Raw(file), xattrs);

    internal static List<TreeXattr> Xattrs(int handle)
    {
        List<TreeXattr> xattrs = [];
        // Most files have none: asking for the length alone needs no buffer.
        if (Libc.flistxattr(handle, null, 0) <= 0)
            return xattrs;
        var list = new byte[LargestList];
        nint length;
        fixed (byte* pointer = list)
            length = Libc.flistxattr(handle, pointer, LargestList);
        for (var start = 0; start < length;)
        {
            var end = Array.IndexOf(list, (byte)0, start);
            if (end < 0)
                break;
            if (Read(handle, list[start..(end + 1)]) is { } xattr && !IsOverlay(xattr.Name))
                xattrs.Add(xattr);
            start = end + 1;
        }

        xattrs.Sort(static (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        return xattrs;
    }

    internal static void SetXattrs(int handle, IReadOnlyList<TreeXattr> xattrs)
    {
        // Not in every file system, and not for everybody: no reason to fail, as with BuildKit, which only writes it to its log.
        foreach (var xattr in xattrs)
        {
            fixed (byte* name = (byte[])[.. xattr.Name, 0], value = xattr.Value)
                _ = Libc.fsetxattr(handle, name, value, (nuint)xattr.Value.Length, 0);
        }
    }

    private static TreeXattr? Read(int handle, byte[] terminated)
    {
        fixed (byte* name = terminated)
        {
            var size = Libc.fgetxattr(handle, name, null, 0);
            if (size < 0)
                return null;
            var value = new byte[size];
            fixed (byte* pointer = value)
                size = Libc.fgetxattr(handle, name, pointer, (nuint)value.Length);
            return size == value.Length ? new TreeXattr(terminated[..^1], value) : null;
        }
    }

    private static bool IsOverlay(ReadOnlySpan<byte> name) => name.StartsWith("trusted.overlay."u8) || name.StartsWith("user.overlay."u8);

    private static void CopyRange(int source, int target, long left)
    {
        while (left > 0)
        {
            var count = Libc.copy_file_range(source, null, target, null, (nuint)Math.Min(left, 1L << 30), 0);
            if (count == 0)
                return;
            if (count > 0)
            {
                left -= count;
                continue;
            }

            switch (Errno.Last)
            {
                case Errno.EINTR:
                    continue;
                case Errno.EXDEV or Errno.EINVAL or Errno.ENOSYS or Errno.EOPNOTSUPP or Errno.EPERM:
                    Pump(source, target, left);
                    return;
                default:
                    throw new LinuxException(Errno.Last, "copy_file_range");
            }
        }
    }

    /// <summary>Through memory: for what is small that is the fewest calls.</summary>
    private static void Pump(int source, int target, long left)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            fixed (byte* pointer = buffer)
            {
                while (left > 0)
                {
                    var length = Retry(Libc.read_fd(source, pointer, (nuint)Math.Min(Chunk, left)), "read");
                    if (length == 0)
                        return;
                    for (nint done = 0; done < length;)
                        done += Math.Max(0, Retry(Libc.write_fd(target, pointer + done, (nuint)(length - done)), "write"));
                    left -= Math.Max(0, length);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Only the parts that hold data.</summary>
    private static void CopyParts(int source, int target)
    {
        var size = Errno.Check(Libc.lseek_fd(source, 0, 2), "lseek");
        long position = 0;
        while (position < size)
        {
            var data = Libc.lseek_fd(source, position, At.SEEK_DATA);
            if (data < 0 && Errno.Last == Errno.ENXIO)
                break;
            var hole = Errno.Check(Libc.lseek_fd(source, Errno.Check(data, "lseek"), At.SEEK_HOLE), "lseek");
            Errno.Check(Libc.lseek_fd(source, data, At.SEEK_SET), "lseek");
            Errno.Check(Libc.lseek_fd(target, data, At.SEEK_SET), "lseek");
            CopyRange(source, target, hole - data);
            position = hole;
        }

        Errno.Check(Libc.ftruncate_fd(target, size), "ftruncate");
    }

    /// <summary>-1 when the call was interrupted.</summary>
    private static nint Retry(nint result, string call) =>
        result >= 0 || Errno.Last == Errno.EINTR ? result : throw new LinuxException(Errno.Last, call);

    private static int Raw(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}
