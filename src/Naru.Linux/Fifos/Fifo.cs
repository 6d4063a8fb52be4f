using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>One end of a named pipe, never blocking in open(2); fifo(7).</summary>
/// <remarks>
/// A reader opened before its writer sees no end of file: poll(2) reports a hang-up only once a writer was there and went. So it may be
/// opened first and waited on.
/// </remarks>
public sealed unsafe class Fifo : IDisposable
{
    private readonly SafeFileHandle handle;

    private Fifo(SafeFileHandle handle) => this.handle = handle;

    /// <summary>Makes a named pipe of mode 0700; one that exists already is fine.</summary>
    public static void Make(string path)
    {
        if (Libc.FifoMake(path, 0x1C0) < 0 && Errno.Last != Errno.EEXIST)
            throw new LinuxException(Errno.Last, "mkfifo", path);
    }

    public static Fifo OpenRead(string path) => Open(path, Libc.FifoReadOnly);

    /// <summary>Opens the writing end, or gives null when no reader is there (ENXIO) or the pipe is gone.</summary>
    public static Fifo? TryOpenWrite(string path)
    {
        var descriptor = Libc.FifoOpen(path, Libc.FifoWriteOnly | Libc.FifoNonBlock | Libc.FifoCloseOnExec);
        if (descriptor >= 0)
            return new Fifo(new SafeFileHandle(descriptor, true));
        return Errno.Last is Errno.ENXIO or Errno.ENOENT ? null : throw new LinuxException(Errno.Last, "open", path);
    }

    /// <summary>Has the pipe hold up to <paramref name="bytes"/>, if the machine lets it (pipe(7), F_SETPIPE_SZ).</summary>
    public void Widen(int bytes) => _ = Libc.descriptor_fcntl((int)handle.DangerousGetHandle(), Libc.FifoSetSize, bytes);

    /// <summary>Waits until one of the readers has bytes or has ended.</summary>
    /// <param name="ready">Set for each reader, in order; a null reader is never ready.</param>
    /// <param name="timeout">Milliseconds; -1 waits for ever.</param>
    /// <returns>False when the time ran out.</returns>
    public static bool WaitReadable(ReadOnlySpan<Fifo?> readers, Span<bool> ready, int timeout)
    {
        var entries = stackalloc Libc.FifoPoll[readers.Length];
        for (var i = 0; i < readers.Length; i++)
        {
            entries[i].Descriptor = readers[i] is { } fifo ? (int)fifo.handle.DangerousGetHandle() : -1;
            entries[i].Events = Libc.FifoPollIn;
            ready[i] = false;
        }

        int count;
        do
            count = Libc.FifoPollAll(entries, (ulong)readers.Length, timeout);
        while (count < 0 && Errno.Last == Errno.EINTR);
        Errno.Check(count, "poll");
        for (var i = 0; i < readers.Length; i++)
            ready[i] = entries[i].Returned != 0;
        return count > 0;
    }

    /// <summary>Bytes read; 0 at the end; -1 when there is nothing now.</summary>
    public int Read(Span<byte> buffer)
    {
        nint count;
        fixed (byte* start = buffer)
        {
            do
                count = Libc.FifoReadRaw((int)handle.DangerousGetHandle(), start, (nuint)buffer.Length);
            while (count < 0 && Errno.Last == Errno.EINTR);
        }

        if (count < 0 && Errno.Last == Errno.EAGAIN)
            return -1;
        return (int)Errno.Check(count, "read");
    }

    /// <summary>Writes as much as fits now; 0 when the pipe is full.</summary>
    /// <exception cref="LinuxException">EPIPE: the reader is gone.</exception>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        nint count;
        fixed (byte* start = bytes)
        {
            do
                count = Libc.FifoWriteRaw((int)handle.DangerousGetHandle(), start, (nuint)bytes.Length);
            while (count < 0 && Errno.Last == Errno.EINTR);
        }

        if (count < 0 && Errno.Last == Errno.EAGAIN)
            return 0;
        return (int)Errno.Check(count, "write");
    }

    /// <summary>Waits until the pipe takes bytes or its reader is gone; false when the time ran out.</summary>
    public bool WaitWritable(int timeout)
    {
        Libc.FifoPoll entry = new() { Descriptor = (int)handle.DangerousGetHandle(), Events = Libc.FifoPollOut };
        int count;
        do
            count = Libc.FifoPollAll(&entry, 1, timeout);
        while (count < 0 && Errno.Last == Errno.EINTR);
        return Errno.Check(count, "poll") > 0;
    }

    public void Dispose() => handle.Dispose();

    private static Fifo Open(string path, int access)
    {
        var descriptor = Errno.Check(Libc.FifoOpen(path, access | Libc.FifoNonBlock | Libc.FifoCloseOnExec), "open", path);
        return new Fifo(new SafeFileHandle(descriptor, true));
    }
}
