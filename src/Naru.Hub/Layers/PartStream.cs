using System.Buffers;
using Naru.Base;

namespace Naru.Hub.Layers;

/// <summary>Some bytes of a stream that can only be read forward. Owns it.</summary>
internal sealed class PartStream(Stream inner, long skip, long length) : ForwardStream
{
    private const int BufferSize = 64 << 10;

    private long skip = skip;
    private long left = length;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    /// <exception cref="InvalidDataException">The stream ends before the part does.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (left == 0 || buffer.IsEmpty)
            return 0;
        Skip(CancellationToken.None);
        var read = inner.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
        if (read == 0)
            throw new InvalidDataException("layer: unexpected end of data");
        left -= read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>On this thread: what waits is the storage, and what is read next is mostly unpacked already.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Read(buffer.Span));
    }

    /// <summary>Passes over what is before the part; else the first read does.</summary>
    public void Begin(CancellationToken cancel) => Skip(cancel);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private void Skip(CancellationToken cancel)
    {
        if (skip == 0)
            return;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (skip > 0)
            {
                cancel.ThrowIfCancellationRequested();
                var read = inner.Read(buffer, 0, (int)Math.Min(buffer.Length, skip));
                if (read == 0)
                    throw new InvalidDataException("layer: unexpected end of data");
                skip -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
