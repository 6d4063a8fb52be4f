namespace Naru.Containerd;

/// <summary>Reads a blob from its source and writes what was read into its ingest: fetched once, stored and unpacked in one pass.</summary>
/// <remarks>
/// Begins with what the ingest has already, so that its reader gets the blob whole. For a reader with a thread to itself. Whatever pieces that reader
/// asks for, source and ingest are read and written in large ones. Does not own them.
/// </remarks>
internal sealed class TeeStream(Stream source, IngestWriter writer, CancellationToken cancel, Action<long> progress) : Stream
{
    private const int BufferSize = 256 << 10;

    private readonly byte[] buffer = new byte[BufferSize];
    private readonly long stored = writer.Offset;
    private long position;
    private int offset;
    private int length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => position; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> target)
    {
        if (offset == length && !Fill().AsTask().GetAwaiter().GetResult())
            return 0;
        var count = Math.Min(target.Length, length - offset);
        buffer.AsSpan(offset, count).CopyTo(target);
        offset += count;
        return count;
    }

    /// <summary>Fetches and stores what a reader of the content left.</summary>
    public async Task Drain()
    {
        position = Math.Max(position, stored);
        while (await Fill())
        {
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask<bool> Fill()
    {
        offset = length = 0;
        if (position < stored)
            length = writer.Read(buffer.AsSpan(0, (int)Math.Min(BufferSize, stored - position)), position);
        else
        {
            length = await source.ReadAsync(buffer, cancel);
            if (length > 0)
            {
                writer.Write(buffer.AsSpan(0, length));
                progress(writer.Offset);
            }
        }

        position += length;
        return length > 0;
    }
}
