namespace Naru.Engine.Images;

/// <summary>Tells how many bytes were read, and whether they began as JSON does (a config or manifest rather than a layer).</summary>
internal sealed class CountingStream(Stream inner, Action<long, bool> read) : Stream
{
    private long count;
    private bool document;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => count; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count), buffer.AsSpan(offset));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken), buffer.Span);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Count(int length, ReadOnlySpan<byte> bytes)
    {
        if (length <= 0)
            return length;
        document |= count == 0 && bytes[0] == '{';
        count += length;
        read(count, document);
        return length;
    }
}
