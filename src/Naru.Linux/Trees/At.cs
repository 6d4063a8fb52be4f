using System.Buffers;
using System.Text;

namespace Naru.Linux;

/// <summary>The *at calls as the tree rooms use them: names as spans, EINTR retried, nothing ever followed in the last component.</summary>
internal static unsafe class At
{
    public const int O_WRONLY = 1, O_RDONLY = 0, O_CREAT = 0x40, O_EXCL = 0x80, O_NONBLOCK = 0x800, O_NOFOLLOW = 0x20000, O_DIRECTORY = 0x10000,
        O_CLOEXEC = 0x80000, O_PATH = 0x200000;

    public const int AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, AT_REMOVEDIR = 0x200, AT_EMPTY_PATH = 0x1000;
    public const ulong RESOLVE_NO_MAGICLINKS = 2, RESOLVE_IN_ROOT = 16;
    public const uint STATX_BASIC_STATS = 0x7ff;
    public const int SEEK_SET = 0, SEEK_CUR = 1, SEEK_DATA = 3, SEEK_HOLE = 4;
    public const int MaximumPath = 4095, MaximumName = 255;

    private static bool hasListXattrAt = true;

    public static string Text(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name);

    /// <summary>Opens a path below <paramref name="root"/>, symbolic links read as if root were «/»: nothing outside can be reached.</summary>
    /// <returns>The descriptor, or -1 with errno set.</returns>
    public static int OpenInRoot(int root, ReadOnlySpan<byte> path, int flags)
    {
        var how = new Libc.OpenHow { Flags = (ulong)(uint)(flags | O_CLOEXEC), Resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
        var buffer = stackalloc byte[MaximumPath + 1];
        Terminate(path.IsEmpty ? "."u8 : path, buffer, MaximumPath);
        long result;
        do
            result = Libc.openat2(Libc.SYS_openat2, root, buffer, &how, (nuint)sizeof(Libc.OpenHow));
        while (result < 0 && Errno.Last is (Errno.EINTR or Errno.EAGAIN));
        return (int)result;
    }

    /// <summary>openat(2) of one component. -1 with errno set when it fails.</summary>
    public static int Open(int folder, ReadOnlySpan<byte> name, int flags, uint mode = 0)
    {
        var buffer = stackalloc byte[MaximumName + 1];
        Terminate(name, buffer, MaximumName);
        int result;
        do
            result = Libc.openat(folder, buffer, flags | O_CLOEXEC | O_NOFOLLOW, mode);
        while (result < 0 && Errno.Last == Errno.EINTR);
        return result;
    }

    /// <summary>statx(2) of one component (the folder itself when empty), not followed. False when it does not exist.</summary>
    public static bool Stat(int folder, ReadOnlySpan<byte> name, out Libc.StatX stat)
    {
        var buffer = stackalloc byte[MaximumName + 1];
        Terminate(name, buffer, MaximumName);
        fixed (Libc.StatX* pointer = &stat)
        {
            if (Libc.statx(folder, buffer, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, STATX_BASIC_STATS, pointer) == 0)
                return true;
        }

        return Errno.Last == Errno.ENOENT ? false : throw new LinuxException(Errno.Last, "statx", Text(name));
    }

    /// <summary>The target of a symbolic link.</summary>
    public static byte[] ReadLink(int folder, ReadOnlySpan<byte> name)
    {
        var buffer = stackalloc byte[MaximumName + 1];
        Terminate(name, buffer, MaximumName);
        var target = stackalloc byte[MaximumPath + 1];
        var length = (int)Errno.Check(Libc.readlinkat(folder, buffer, target, MaximumPath), "readlink", Text(name));
        return new ReadOnlySpan<byte>(target, length).ToArray();
    }

    /// <summary>The names in a folder, without «.» and «..», in the file system's order.</summary>
    public static List<byte[]> List(int folder)
    {
        const int Size = 32 << 10, NameOffset = 19;
        var names = new List<byte[]>();
        var buffer = ArrayPool<byte>.Shared.Rent(Size);
        try
        {
            while (true)
            {
                int length;
                fixed (byte* pointer = buffer)
                    length = (int)Errno.Check(Libc.getdents64(folder, pointer, Size), "getdents64");
                if (length == 0)
                    return names;
                for (var offset = 0; offset < length;)
                {
                    var record = BitConverter.ToUInt16(buffer, offset + 16);
                    var name = buffer.AsSpan(offset + NameOffset, record - NameOffset);
                    name = name[..name.IndexOf((byte)0)];
                    if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                        names.Add(name.ToArray());
                    offset += record;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Removes one entry with all below it; symbolic links are removed, not followed. False when there was none.</summary>
    public static bool RemoveTree(int folder, ReadOnlySpan<byte> name)
    {
        var buffer = stackalloc byte[MaximumName + 1];
        Terminate(name, buffer, MaximumName);
        if (Libc.unlinkat(folder, buffer, 0) == 0)
            return true;
        if (Errno.Last == Errno.ENOENT)
            return false;
        if (Errno.Last is not (Errno.EISDIR or Errno.EPERM))
            throw new LinuxException(Errno.Last, "unlink", Text(name));
        var child = Errno.Check(Open(folder, name, O_RDONLY | O_DIRECTORY), "open", Text(name));
        try
        {
            foreach (var entry in List(child))
                RemoveTree(child, entry);
        }
        finally
        {
            Libc.close_fd(child);
        }

        Errno.Check(Libc.unlinkat(folder, buffer, AT_REMOVEDIR), "rmdir", Text(name));
        return true;
    }

    /// <summary>Copies <paramref name="name"/> into <paramref name="buffer"/> and ends it with NUL.</summary>
    /// <exception cref="LinuxException">ENAMETOOLONG; EINVAL for a NUL inside.</exception>
    public static void Terminate(ReadOnlySpan<byte> name, byte* buffer, int limit)
    {
        if (name.Length > limit)
            throw new LinuxException(Errno.ENAMETOOLONG, "open", Text(name[..100]) + "…");
        if (name.Contains((byte)0))
            throw new LinuxException(Errno.EINVAL, "open", Text(name));
        name.CopyTo(new Span<byte>(buffer, limit));
        buffer[name.Length] = 0;
    }

    /// <summary>The names of an entry's extended attributes, each ended by NUL; it is not followed. Their length, or -1 with errno set.</summary>
    /// <remarks>By listxattrat(2) where there is one: a walk asks this of every file, and the way through /proc takes longer than the question.</remarks>
    public static nint ListXattrs(int folder, ReadOnlySpan<byte> name, byte* list, nuint size)
    {
        if (hasListXattrAt)
        {
            var buffer = stackalloc byte[MaximumName + 1];
            Terminate(name, buffer, MaximumName);
            var length = Libc.listxattrat(Libc.SYS_listxattrat, folder, buffer, AT_SYMLINK_NOFOLLOW, list, size);
            // EPERM is what a filter of system calls answers that does not know it.
            if (length >= 0 || Errno.Last is not (Errno.ENOSYS or Errno.EPERM))
                return (nint)length;
            hasListXattrAt = false;
        }

        Span<byte> path = stackalloc byte[64 + MaximumName];
        ProcPath(folder, name, path);
        fixed (byte* pointer = path)
            return Libc.llistxattr(pointer, list, size);
    }

    /// <summary>«/proc/self/fd/N/name», ended by NUL: a path for the calls that have no *at form.</summary>
    public static int ProcPath(int folder, ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        System.Text.Unicode.Utf8.TryWrite(buffer, $"/proc/self/fd/{folder}/", out var length);
        name.CopyTo(buffer[length..]);
        buffer[length + name.Length] = 0;
        return length + name.Length;
    }
}
