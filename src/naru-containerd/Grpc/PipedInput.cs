using Naru.Base;
using Naru.Linux;

namespace Naru.ContainerdDaemon;

/// <summary>The bytes that a client on this machine writes into a named pipe: a tenth of the work of messages on a stream.</summary>
/// <remarks>
/// Not of containerd's protocol: a client names the pipe as stream <c>fifo:PATH</c> (<see cref="Rpc.Metadata.PipeScheme"/>), which a containerd answers as a stream that it has not. The client
/// makes the pipe, and opens it once this has.
/// </remarks>
internal sealed class PipedInput : ForwardStream
{
    private const int PipeSize = 1 << 20;
    private const int LookUp = 500;

    private readonly Fifo pipe;
    private readonly CancellationToken cancel;

    /// <exception cref="NaruException">InvalidArgument: the path is none of a pipe's.</exception>
    public PipedInput(string path, CancellationToken cancel)
    {
        this.cancel = cancel;
        if (Files.TryStatus(path) is not { Kind: FileKind.Fifo })
            throw NaruException.Invalid($"{path} is no named pipe: invalid argument");
        pipe = Fifo.OpenRead(path);
        pipe.Widen(PipeSize);
    }

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override int Read(Span<byte> buffer)
    {
        var ready = new bool[1];
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (!Fifo.WaitReadable([pipe], ready, LookUp))
                continue;
            if (pipe.Read(buffer) is >= 0 and var count)
                return count;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            pipe.Dispose();
        base.Dispose(disposing);
    }
}
