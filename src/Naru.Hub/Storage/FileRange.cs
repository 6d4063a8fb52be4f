using Microsoft.Win32.SafeHandles;

namespace Naru.Hub.Storage;

/// <summary>Some bytes of a file, read in order. Owns the file.</summary>
public sealed class FileRange(SafeFileHandle file, long offset, long length) : Stream
{
    private readonly long end = Math.Min(offset + length, RandomAccess.GetLength(file));
    private long at = offset;

    /// <summary>The file itself, for those who can send it without reading it; the range is <see cref="At"/> and <see cref="Left"/>.</summary>
    public SafeFileHandle File => file;

    public long At => at;

    public long Left => Math.Max(0, end - at);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        var read = RandomAccess.Read(file, buffer[..(int)Math.Min(buffer.Length, Left)], at);
        at += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }
}
