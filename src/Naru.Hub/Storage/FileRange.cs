using Microsoft.Win32.SafeHandles;

namespace Naru.Hub.Storage;

/// <summary>Some bytes of a file, as a stream of their own that cannot be written.</summary>
/// <param name="owned">Whether the file is closed with the stream.</param>
public sealed class FileRange(SafeFileHandle file, long offset, long length, bool owned = true) : Stream
{
    private readonly long size = Math.Max(0, Math.Min(length, RandomAccess.GetLength(file) - offset));
    private long done;

    /// <summary>The file itself, for those who can send it without reading it; the range is <see cref="At"/> and <see cref="Left"/>.</summary>
    public SafeFileHandle File => file;

    public long At => offset + done;

    public long Left => Math.Max(0, size - done);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => size;

    public override long Position { get => done; set => done = Math.Max(0, value); }

    public override int Read(Span<byte> buffer)
    {
        var read = Left == 0 ? 0 : RandomAccess.Read(file, buffer[..(int)Math.Min(buffer.Length, Left)], At);
        done += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => done,
        _ => size,
    };

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (owned)
            file.Dispose();
        base.Dispose(disposing);
    }
}
