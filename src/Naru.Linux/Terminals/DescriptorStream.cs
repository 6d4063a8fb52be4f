using System.Runtime.InteropServices;
using Naru.Base;

namespace Naru.Linux.Terminals;

/// <summary>A standard descriptor as a stream: read(2) and write(2), no buffer, no offset of its own (a file shared with other writers stays in order).</summary>
public sealed partial class DescriptorStream(int descriptor) : ForwardStream
{
    private const int EINTR = 4, EAGAIN = 11;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override unsafe int Read(Span<byte> buffer)
    {
        fixed (byte* into = buffer)
        {
            while (true)
            {
                var count = read(descriptor, into, (nuint)buffer.Length);
                if (count >= 0)
                    return (int)count;
                Retry("read");
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override unsafe void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* from = buffer)
        {
            for (var done = 0; done < buffer.Length;)
            {
                var count = write(descriptor, from + done, (nuint)(buffer.Length - done));
                if (count >= 0)
                    done += (int)count;
                else
                    Retry("write");
            }
        }
    }

    /// <summary>Returns when the call is to be made again; a descriptor that others made non-blocking is waited for.</summary>
    private static void Retry(string call)
    {
        var errno = Marshal.GetLastPInvokeError();
        if (errno == EAGAIN)
            Thread.Sleep(1);
        else if (errno != EINTR)
            throw new IOException($"{call}: {Marshal.GetPInvokeErrorMessage(errno)}", errno);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint write(int descriptor, byte* buffer, nuint count);
}
