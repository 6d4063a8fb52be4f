using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>Files by descriptor: opened relative to a folder or to a root that no path can leave. Synchronous, no thread, usable after fork.</summary>
public static unsafe class Files
{
    /// <summary>open(2), close-on-exec.</summary>
    /// <exception cref="LinuxException"/>
    public static SafeFileHandle Open(string path, OpenFlags flags, uint mode = 0) =>
        Own(OpenRaw(Libc.AT_FDCWD, path, flags, mode), "open", path);

    /// <summary>As <see cref="Open"/>; null where the path, or a part of it, does not exist.</summary>
    public static SafeFileHandle? TryOpen(string path, OpenFlags flags)
    {
        var descriptor = OpenRaw(Libc.AT_FDCWD, path, flags, 0);
        if (descriptor < 0 && Errno.Last is Errno.ENOENT or Errno.ENOTDIR)
            return null;
        return Own(descriptor, "open", path);
    }

    /// <summary>openat(2) relative to <paramref name="folder"/>.</summary>
    public static SafeFileHandle OpenAt(SafeFileHandle folder, string path, OpenFlags flags, uint mode = 0) =>
        Own(OpenRaw(Raw(folder), path, flags, mode), "openat", path);

    /// <summary>openat2(2) with RESOLVE_IN_ROOT: <paramref name="path"/> and every symlink in it are resolved as if <paramref name="root"/> were /.</summary>
    /// <exception cref="LinuxException">ENOENT, ELOOP (a magic link is in the way), …</exception>
    public static SafeFileHandle OpenInRoot(SafeFileHandle root, string path, OpenFlags flags) =>
        TryOpenInRoot(root, path, flags) ?? throw new LinuxException(Errno.ENOENT, "openat2", path);

    /// <summary>As <see cref="OpenInRoot"/>; null where nothing is there.</summary>
    public static SafeFileHandle? TryOpenInRoot(SafeFileHandle root, string path, OpenFlags flags)
    {
        var how = new Libc.open_how
        {
            flags = (ulong)(uint)flags | Libc.O_CLOEXEC,
            resolve = Libc.RESOLVE_IN_ROOT | Libc.RESOLVE_NO_MAGICLINKS,
        };
        var relative = path.Length == 0 || path == "/" ? "." : path;
        fixed (byte* name = Bytes(relative))
        {
            long result;
            do
                result = Libc.syscall(Libc.SYS_openat2, (nuint)Raw(root), (nuint)name, (nuint)(&how), (nuint)sizeof(Libc.open_how), 0);
            while (result < 0 && Errno.Last is Errno.EINTR or Errno.EAGAIN);
            if (result < 0 && Errno.Last is Errno.ENOENT or Errno.ENOTDIR)
                return null;
            return Own((int)result, "openat2", path);
        }
    }

    /// <summary>openat2(2) that follows no link and enters no other mount on its way below <paramref name="folder"/>.</summary>
    /// <exception cref="LinuxException">ELOOP, EXDEV: something else is in the way.</exception>
    public static SafeFileHandle OpenBeneath(SafeFileHandle folder, string path, OpenFlags flags)
    {
        var how = new Libc.open_how
        {
            flags = (ulong)(uint)flags | Libc.O_CLOEXEC,
            resolve = Libc.RESOLVE_BENEATH | Libc.RESOLVE_NO_SYMLINKS | Libc.RESOLVE_NO_XDEV | Libc.RESOLVE_NO_MAGICLINKS,
        };
        fixed (byte* name = Bytes(path))
        {
            long result;
            do
                result = Libc.syscall(Libc.SYS_openat2, (nuint)Raw(folder), (nuint)name, (nuint)(&how), (nuint)sizeof(Libc.open_how), 0);
            while (result < 0 && Errno.Last is Errno.EINTR or Errno.EAGAIN);
            return Own((int)result, "openat2", path);
        }
    }

    /// <summary>readlinkat(2).</summary>
    public static string ReadLink(SafeFileHandle folder, string name)
    {
        var buffer = stackalloc byte[4096];
        fixed (byte* path = Bytes(name))
        {
            var length = Errno.Check(Libc.syscall(Libc.SYS_readlinkat, (nuint)Raw(folder), (nuint)path, (nuint)buffer, 4096, 0), "readlink", name);
            return Encoding.UTF8.GetString(buffer, (int)length);
        }
    }

    /// <summary>A path that names the open file itself, whatever happens to its name: for calls that take only paths. Needs the host's /proc.</summary>
    public static string PathOf(SafeFileHandle handle) => $"/proc/self/fd/{Raw(handle)}";

    /// <summary>statx(2) of an open file.</summary>
    public static FileStatus Status(SafeFileHandle handle) => StatusOf(Raw(handle), "", Libc.AT_EMPTY_PATH) ?? throw new LinuxException(Errno.Last, "statx");

    /// <summary>stat(2) of a path; null where nothing is there.</summary>
    public static FileStatus? TryStatus(string path) => StatusOf(Libc.AT_FDCWD, path, 0);

    /// <summary>Mount flags (MS_*, as statfs f_flags gives them) and type of the file system of an open file.</summary>
    public static (long Type, long Flags) FileSystem(SafeFileHandle handle)
    {
        Libc.statfs_t buffer;
        Errno.Check(Libc.fstatfs(Raw(handle), &buffer), "fstatfs");
        return (buffer.f_type, buffer.f_flags);
    }

    /// <summary>mkdirat(2); a folder that exists already is fine (false).</summary>
    public static bool MakeFolder(SafeFileHandle folder, string name, uint mode)
    {
        if (Libc.mkdirat(Raw(folder), name, mode) == 0)
            return true;
        return Errno.Last == Errno.EEXIST ? false : throw new LinuxException(Errno.Last, "mkdir", name);
    }

    /// <summary>mkdir(2); false if something is there already.</summary>
    public static bool MakeFolder(string path, uint mode)
    {
        if (Libc.mkdirat(Libc.AT_FDCWD, path, mode) == 0)
            return true;
        return Errno.Last == Errno.EEXIST ? false : throw new LinuxException(Errno.Last, "mkdir", path);
    }

    /// <summary>Makes <paramref name="path"/> and its parents below <paramref name="root"/> and opens it (O_PATH). Never leaves the root.</summary>
    public static SafeFileHandle MakeFoldersInRoot(SafeFileHandle root, string path, uint mode = 0x1ED) => MakeInRoot(root, path, FileKind.Directory, mode, links: 40);

    /// <summary>As <see cref="MakeFoldersInRoot"/>, but the last name is a file's.</summary>
    public static SafeFileHandle MakeFileInRoot(SafeFileHandle root, string path, uint mode = 0x1ED) => MakeInRoot(root, path, FileKind.Regular, mode, links: 40);

    /// <param name="links">How many links to nothing may still be met: where one leads is made, inside the root like all else.</param>
    private static SafeFileHandle MakeInRoot(SafeFileHandle root, string path, FileKind kind, uint mode, int links)
    {
        var trimmed = path.Trim('/');
        if (TryOpenInRoot(root, trimmed, OpenFlags.PathOnly) is { } existing)
            return existing;
        var (folder, name) = (Path.GetDirectoryName(trimmed) ?? "", Path.GetFileName(trimmed));
        using var parent = MakeInRoot(root, folder, FileKind.Directory, mode, links);
        if (kind == FileKind.Directory)
            MakeFolder(parent, name, mode);
        else
            TryMakeNode(parent, name, kind, mode);
        if (TryOpenInRoot(root, trimmed, OpenFlags.PathOnly) is { } made)
            return made;
        if (links == 0)
            throw new LinuxException(Errno.ELOOP, "mkdir", path);
        var target = ReadLink(parent, name);
        return MakeInRoot(root, target.StartsWith('/') ? target : $"{folder}/{target}", kind, mode, links - 1);
    }

    private static void TryMakeNode(SafeFileHandle folder, string name, FileKind kind, uint mode)
    {
        try
        {
            MakeNode(folder, name, kind, mode);
        }
        catch (LinuxException exists) when (exists.Number == Errno.EEXIST)
        {
            // As with a folder: what it is, is seen next.
        }
    }

    /// <summary>mknodat(2).</summary>
    public static void MakeNode(SafeFileHandle folder, string name, FileKind kind, uint mode, uint major = 0, uint minor = 0)
    {
        var device = ((ulong)(major & 0xfffff000) << 32) | ((ulong)(major & 0xfff) << 8) | ((ulong)(minor & 0xffffff00) << 12) | (minor & 0xff);
        Errno.Check(Libc.mknodat(Raw(folder), name, (uint)kind | mode, device), "mknod", name);
    }

    public static void ChangeMode(SafeFileHandle folder, string name, uint mode) =>
        Errno.Check(Libc.fchmodat(Raw(folder), name, mode, 0), "chmod", name);

    /// <summary>chmod(2) of the open file itself, O_PATH or not. Needs the host's /proc.</summary>
    public static void ChangeModeOf(SafeFileHandle handle, uint mode) =>
        Errno.Check(Libc.fchmodat(Libc.AT_FDCWD, PathOf(handle), mode, 0), "chmod");

    public static void ChangeOwner(SafeFileHandle folder, string name, uint uid, uint gid) =>
        Errno.Check(Libc.fchownat(Raw(folder), name, uid, gid, Libc.AT_SYMLINK_NOFOLLOW), "chown", name);

    /// <summary>fchownat(2) of the open file itself.</summary>
    public static void ChangeOwner(SafeFileHandle handle, uint uid, uint gid) =>
        Errno.Check(Libc.fchownat(Raw(handle), "", uid, gid, Libc.AT_EMPTY_PATH), "chown");

    /// <summary>Begins to write a part of a file to its disk (sync_file_range(2)). No promise: that is fsync's to give.</summary>
    public static void BeginWriteBack(SafeFileHandle handle, long offset, long count) =>
        _ = Libc.sync_file_range(Raw(handle), offset, count, Libc.SYNC_FILE_RANGE_WRITE);

    /// <summary>Waits until a part of a file is written to its disk, and takes it out of memory: it is not read again soon.</summary>
    public static void Forget(SafeFileHandle handle, long offset, long count)
    {
        _ = Libc.sync_file_range(Raw(handle), offset, count, Libc.SYNC_FILE_RANGE_WAIT_BEFORE | Libc.SYNC_FILE_RANGE_WRITE | Libc.SYNC_FILE_RANGE_WAIT_AFTER);
        _ = Libc.posix_fadvise(Raw(handle), offset, count, Libc.POSIX_FADV_DONTNEED);
    }

    /// <summary>symlinkat(2); false if the name is taken.</summary>
    public static bool MakeSymlink(string target, SafeFileHandle folder, string name)
    {
        if (Libc.symlinkat(target, Raw(folder), name) == 0)
            return true;
        return Errno.Last == Errno.EEXIST ? false : throw new LinuxException(Errno.Last, "symlink", name);
    }

    public static void MakeFifo(string path, uint mode) => Errno.Check(Libc.mkfifo(path, mode), "mkfifo", path);

    /// <summary>unlinkat(2); false if nothing was there.</summary>
    public static bool Unlink(SafeFileHandle folder, string name)
    {
        if (Libc.unlinkat(Raw(folder), name, 0) == 0)
            return true;
        return Errno.Last == Errno.ENOENT ? false : throw new LinuxException(Errno.Last, "unlink", name);
    }

    /// <summary>unlink(2); false if nothing was there.</summary>
    public static bool Unlink(string path)
    {
        if (Libc.unlinkat(Libc.AT_FDCWD, path, 0) == 0)
            return true;
        return Errno.Last is Errno.ENOENT or Errno.ENOTDIR ? false : throw new LinuxException(Errno.Last, "unlink", path);
    }

    /// <summary>Gives <paramref name="path"/> new content in one step: a reader finds the old or the new. Not durable: for files under /run.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content, uint mode)
    {
        var temporary = $"{path}.new";
        using (var handle = Open(temporary, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.NoFollow, mode))
            Write(handle, content);
        Rename(temporary, path);
    }

    /// <summary>rename(2).</summary>
    public static void Rename(string path, string name) => Errno.Check(Libc.rename(path, name), "rename", path);

    /// <summary>rmdir(2): 0, or the errno.</summary>
    public static int TryRemoveFolder(string path) =>
        Libc.unlinkat(Libc.AT_FDCWD, path, Libc.AT_REMOVEDIR) == 0 ? 0 : Errno.Last;

    /// <summary>The text of a small file, such as those under /proc and /sys; null where it does not exist.</summary>
    public static string? TryReadText(string path)
    {
        using var handle = TryOpen(path, OpenFlags.ReadOnly);
        return handle is null ? null : Encoding.UTF8.GetString(ReadAll(handle));
    }

    /// <summary>All bytes from the descriptor's position on.</summary>
    public static byte[] ReadAll(SafeFileHandle handle)
    {
        var buffer = new byte[4096];
        var used = 0;
        while (true)
        {
            var count = Read(handle, buffer.AsSpan(used));
            if (count == 0)
                return buffer[..used];
            used += count;
            if (used == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 4);
        }
    }

    /// <summary>A file in memory (memfd_create(2)), gone with its last descriptor.</summary>
    public static SafeFileHandle Memory(string name)
    {
        const nuint closeOnExec = 1;
        fixed (byte* text = Bytes(name))
            return Own((int)Libc.syscall(Libc.SYS_memfd_create, (nuint)text, closeOnExec, 0, 0, 0), "memfd_create");
    }

    /// <summary>All of a file, wherever its descriptor's position is.</summary>
    public static byte[] ReadFromStart(SafeFileHandle handle)
    {
        var content = new byte[(int)Math.Min(Status(handle).Size, 1 << 20)];
        fixed (byte* pointer = content)
        {
            var count = Libc.syscall(Libc.SYS_pread64, (nuint)Raw(handle), (nuint)pointer, (nuint)content.Length, 0, 0);
            return content[..(int)Errno.Check(count, "pread")];
        }
    }

    /// <summary>read(2): the count, 0 at the end.</summary>
    public static int Read(SafeFileHandle handle, Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            nint count;
            do
                count = Libc.read(Raw(handle), pointer, (nuint)buffer.Length);
            while (count < 0 && Errno.Last == Errno.EINTR);
            return (int)Errno.Check(count, "read");
        }
    }

    /// <summary>read(2) of what is there now: the count; 0 at the end, which is also that of a terminal whose other side is gone; -1 when there is nothing yet.</summary>
    public static int ReadAvailable(SafeFileHandle handle, Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            nint count;
            do
                count = Libc.read(Raw(handle), pointer, (nuint)buffer.Length);
            while (count < 0 && Errno.Last == Errno.EINTR);
            if (count < 0 && Errno.Last is Errno.EAGAIN or Errno.EIO)
                return Errno.Last == Errno.EAGAIN ? -1 : 0;
            return (int)Errno.Check(count, "read");
        }
    }

    /// <summary>write(2), as much as there is room for: the count, 0 when there is none.</summary>
    public static int WriteAvailable(SafeFileHandle handle, ReadOnlySpan<byte> content)
    {
        fixed (byte* pointer = content)
        {
            nint count;
            do
                count = Libc.write(Raw(handle), pointer, (nuint)content.Length);
            while (count < 0 && Errno.Last == Errno.EINTR);
            return count < 0 && Errno.Last == Errno.EAGAIN ? 0 : (int)Errno.Check(count, "write");
        }
    }

    /// <summary>Reads and writes of this open file never wait from now on.</summary>
    public static void SetNonBlocking(SafeFileHandle handle) =>
        Errno.Check(Libc.descriptor_fcntl(Raw(handle), Libc.DESCRIPTOR_F_SETFL, Libc.DESCRIPTOR_NONBLOCK), "fcntl");

    /// <summary>write(2), until all is written.</summary>
    public static void Write(SafeFileHandle handle, ReadOnlySpan<byte> content) => Write(Raw(handle), content);

    /// <summary>Writes to standard output (1) or standard error (2), without System.Console, which starts threads.</summary>
    public static void WriteStandard(int descriptor, string text) => Write(descriptor, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes <paramref name="text"/> to an existing file by one write(2), as files of /proc and /sys want it.</summary>
    /// <exception cref="LinuxException"/>
    public static void WriteText(string path, string text)
    {
        using var handle = Open(path, OpenFlags.WriteOnly);
        try
        {
            Write(handle, Encoding.UTF8.GetBytes(text));
        }
        catch (LinuxException failure)
        {
            throw new LinuxException(failure.Number, "write", path);
        }
    }

    /// <summary>readlink(2) of a path; null if there is none.</summary>
    public static string? TryReadLink(string path)
    {
        var buffer = stackalloc byte[4096];
        fixed (byte* name = Bytes(path))
        {
            var length = Libc.readlink(name, buffer, 4096);
            return length < 0 ? null : Encoding.UTF8.GetString(buffer, (int)length);
        }
    }

    /// <summary>readlink(2) of a path.</summary>
    /// <exception cref="LinuxException"/>
    public static string ReadLink(string path) => TryReadLink(path) ?? throw new LinuxException(Errno.Last, "readlink", path);

    internal static int Raw(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    internal static SafeFileHandle Own(int descriptor, string call, string? path = null) =>
        new(Errno.Check(descriptor, call, path), ownsHandle: true);

    /// <summary>A NUL-terminated UTF-8 copy.</summary>
    internal static byte[] Bytes(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    private static int OpenRaw(int folder, string path, OpenFlags flags, uint mode)
    {
        int result;
        do
            result = Libc.openat(folder, path, (int)flags | Libc.O_CLOEXEC, mode);
        while (result < 0 && Errno.Last == Errno.EINTR);
        return result;
    }

    private static FileStatus? StatusOf(int folder, string path, int flags)
    {
        Libc.statx_t buffer;
        if (Libc.statx(folder, path, flags, Libc.STATX_BASIC_STATS, &buffer) < 0)
            return null;
        return new FileStatus((FileKind)(buffer.stx_mode & Libc.S_IFMT), buffer.stx_mode & 0xFFFu, buffer.stx_uid, buffer.stx_gid, buffer.stx_ino,
            (long)buffer.stx_size, buffer.stx_dev_major, buffer.stx_dev_minor, buffer.stx_rdev_major, buffer.stx_rdev_minor);
    }

    private static void Write(int descriptor, ReadOnlySpan<byte> content)
    {
        while (content.Length > 0)
        {
            fixed (byte* pointer = content)
            {
                var count = Libc.write(descriptor, pointer, (nuint)content.Length);
                if (count < 0 && Errno.Last == Errno.EINTR)
                    continue;
                content = content[(int)Errno.Check(count, "write")..];
            }
        }
    }
}
