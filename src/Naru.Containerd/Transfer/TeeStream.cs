namespace Naru.Containerd;

/// <summary>Reads a blob from its source and writes what was read into its ingest: fetched once, stored and unpacked in one pass.</summary>
internal sealed class TeeStream(Stream source, IngestWriter writer, Action<long> progress) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => writer.Offset; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var rented = System.Buffers.ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            var count = source.Read(rented, 0, buffer.Length);
            rented.AsSpan(0, count).CopyTo(buffer);
            Store(rented.AsSpan(0, count));
            return count;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await source.ReadAsync(buffer, cancellationToken);
        Store(buffer.Span[..count]);
        return count;
    }

    /// <summary>Reads what a reader of the content left: the end, where the source checks the digest.</summary>
    public async Task Drain(CancellationToken cancel)
    {
        var buffer = new byte[64 << 10];
        while (await ReadAsync(buffer, cancel) > 0)
        {
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Store(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        writer.Write(bytes);
        progress(writer.Offset);
    }
}
