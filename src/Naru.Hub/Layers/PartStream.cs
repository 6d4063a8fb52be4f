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
        Skip();
        var read = inner.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
        if (read == 0)
            throw new InvalidDataException("layer: unexpected end of data");
        left -= read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private void Skip()
    {
        if (skip == 0)
            return;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (skip > 0)
            {
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
