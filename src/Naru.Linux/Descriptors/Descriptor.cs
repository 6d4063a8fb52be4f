using Microsoft.Win32.SafeHandles;

namespace Naru.Linux.Descriptors;

/// <summary>An open file descriptor, owned: closed on Dispose. Reads and writes never block unless it was opened to.</summary>
public sealed unsafe class Descriptor : SafeHandleZeroOrMinusOneIsInvalid
{
    public Descriptor(int fd)
        : base(ownsHandle: true) => SetHandle(fd);

    /// <summary>The number, for as long as this object lives.</summary>
    public int Number => (int)handle;

    /// <summary>Opens a FIFO without waiting for its other side: one end for reading, one for writing.</summary>
    /// <exception cref="LinuxException"/>
    public static (Descriptor Read, Descriptor Write) OpenFifo(string path)
    {
        // The reading end first: without a reader, opening for writing alone fails with ENXIO.
        var read = Open(path, Libc.DESCRIPTOR_NONBLOCK, 0);
        try
        {
            return (read, Open(path, 1 | Libc.DESCRIPTOR_NONBLOCK, 0));
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    public static Descriptor OpenAppend(string path) => Open(path, 1 | 0x40 | 0x400, 0x1A0);

    /// <summary>A new empty file for reading and writing, 0600, without a name: its space is freed with the descriptor.</summary>
    public static Descriptor Scratch(string path)
    {
        var file = Open(path, 2 | 0x40 | 0x200 | 0x20000, 0x180);
        File.Delete(path);
        return file;
    }

    public static Descriptor OpenRead(string path) => Open(path, 0, 0);

    public static Descriptor OpenWrite(string path) => Open(path, 1, 0);

    public static Descriptor OpenNull() => Open("/dev/null", 2, 0);

    /// <summary>Opens for writing at once, without blocking; null when there is no such file.</summary>
    public static Descriptor? TryOpenLog(string path)
    {
        var fd = Libc.descriptor_open(path, 2 | Libc.DESCRIPTOR_CLOEXEC | Libc.DESCRIPTOR_NONBLOCK, 0);
        return fd < 0 ? null : new Descriptor(fd);
    }

    private static Descriptor Open(string path, int flags, uint mode)
    {
        int fd;
        do
            fd = Libc.descriptor_open(path, flags | Libc.DESCRIPTOR_CLOEXEC, mode);
        while (fd < 0 && Errno.Last == Errno.EINTR);
        return new Descriptor(Errno.Check(fd, "open", path));
    }

    public static (Descriptor Read, Descriptor Write) Pipe()
    {
        var ends = stackalloc int[2];
        Errno.Check(Libc.descriptor_pipe2(ends, Libc.DESCRIPTOR_CLOEXEC), "pipe2");
        return (new Descriptor(ends[0]), new Descriptor(ends[1]));
    }

    public Descriptor Duplicate() => new(Errno.Check(Libc.descriptor_fcntl(Number, Libc.DESCRIPTOR_F_DUPFD_CLOEXEC, 0), "dup"));

    public void SetNonBlocking() =>
        Errno.Check(Libc.descriptor_fcntl(Number, Libc.DESCRIPTOR_F_SETFL, Libc.DESCRIPTOR_NONBLOCK), "fcntl");

    public void ChangeOwner(uint user, uint group) => Errno.Check(Libc.descriptor_fchown(Number, user, group), "fchown");

    /// <summary>Bytes read; 0 at the end (a terminal whose other side has closed ends too); -1 when it would block.</summary>
    /// <exception cref="LinuxException"/>
    public int Read(Span<byte> buffer)
    {
        while (true)
        {
            nint count;
            fixed (byte* start = buffer)
                count = Libc.descriptor_read(Number, start, (nuint)buffer.Length);
            if (count >= 0)
                return (int)count;
            switch (Errno.Last)
            {
                case Errno.EINTR: continue;
                case Errno.EAGAIN: return -1;
                case Errno.EIO: return 0;
                default: throw new LinuxException(Errno.Last, "read");
            }
        }
    }

    /// <summary>Bytes written, less than all when it would block.</summary>
    /// <exception cref="LinuxException">EPIPE: nobody will read it.</exception>
    public int Write(ReadOnlySpan<byte> data)
    {
        var done = 0;
        while (done < data.Length)
        {
            nint count;
            fixed (byte* start = data)
                count = Libc.descriptor_write(Number, start + done, (nuint)(data.Length - done));
            if (count >= 0)
                done += (int)count;
            else if (Errno.Last == Errno.EAGAIN)
                break;
            else if (Errno.Last != Errno.EINTR)
                throw new LinuxException(Errno.Last, "write");
        }
        return done;
    }

    public int ReadAt(Span<byte> buffer, long offset)
    {
        fixed (byte* start = buffer)
            return (int)Errno.Check(Libc.descriptor_pread(Number, start, (nuint)buffer.Length, offset), "pread");
    }

    public void WriteAt(ReadOnlySpan<byte> data, long offset)
    {
        fixed (byte* start = data)
        {
            for (var done = 0; done < data.Length;)
                done += (int)Errno.Check(Libc.descriptor_pwrite(Number, start + done, (nuint)(data.Length - done), offset + done), "pwrite");
        }
    }

    /// <summary>Whether somebody has the other end of this writing end open.</summary>
    public bool HasReader()
    {
        // struct pollfd: the descriptor, what is asked, what is so.
        var entry = (uint)Number | ((ulong)Libc.EPOLLOUT << 32);
        return Libc.descriptor_poll(&entry, 1, 0) >= 0 && ((entry >> 48) & Libc.EPOLLERR) == 0;
    }

    protected override bool ReleaseHandle() => Libc.descriptor_close((int)handle) == 0;
}
