namespace Naru.Cli.Build.Solve;

/// <summary>A stream of which the first bytes were read already, as if they had not been.</summary>
internal sealed class PrefixedStream(byte[] head, Stream rest) : Stream
{
    private int used;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (used == head.Length)
            return rest.Read(buffer);
        var count = Math.Min(buffer.Length, head.Length - used);
        head.AsSpan(used, count).CopyTo(buffer);
        used += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
