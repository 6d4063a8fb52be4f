using System.IO.Compression;

namespace Naru.Linux;

/// <summary>zstd by libzstd: reads what is compressed, or compresses what is written. The frame ends at <see cref="Stream.Dispose()"/>.</summary>
/// <remarks>Windows over 128 MB are refused (libzstd's default), so that hostile data cannot ask for memory.</remarks>
public sealed unsafe class ZstdStream : Stream
{
    private const int BufferSize = 128 << 10;

    private readonly Stream inner;
    private readonly bool leaveOpen;
    private readonly byte[] buffer = new byte[BufferSize];
    private nint context;
    private readonly bool decompress;
    private int start;
    private int end;
    private bool frameOpen;
    private bool more;
    private long taken;
    private long given;

    /// <param name="level">1 (fast) to 19 (small), used when compressing.</param>
    public ZstdStream(Stream inner, CompressionMode mode, int level = 3, bool leaveOpen = false)
    {
        this.inner = inner;
        this.leaveOpen = leaveOpen;
        decompress = mode == CompressionMode.Decompress;
        context = decompress ? Libzstd.ZSTD_createDCtx() : Libzstd.ZSTD_createCCtx();
        if (context == 0)
            throw new OutOfMemoryException("zstd: no memory for a context");
        if (!decompress)
            Libzstd.Check(Libzstd.ZSTD_CCtx_setParameter(context, Libzstd.ZSTD_c_compressionLevel, level));
    }

    /// <summary>While reading: gets the place behind each frame as it is passed, from which what follows can be read alone.</summary>
    public Action<StreamCheckpoint>? FrameEnded { get; set; }

    /// <summary>While reading: how many bytes of the compressed data were used.</summary>
    public long Input => taken - (end - start);

    public override bool CanRead => decompress;

    public override bool CanWrite => !decompress;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    /// <summary>While reading: the position in the uncompressed data.</summary>
    public override long Position { get => decompress ? given : throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="InvalidDataException">Not zstd, damaged, or cut off.</exception>
    public override int Read(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            // A full output may have more behind it that takes no further input.
            if (start == end && !more)
            {
                start = 0;
                end = inner.Read(buffer);
                taken += end;
                if (end == 0)
                    return frameOpen ? throw new InvalidDataException("zstd: unexpected end of data") : 0;
            }

            int written;
            fixed (byte* source = buffer, target = destination)
            {
                var input = new Libzstd.InBuffer { Source = source + start, Size = (nuint)(end - start) };
                var output = new Libzstd.OutBuffer { Destination = target, Size = (nuint)destination.Length };
                frameOpen = Libzstd.Check(Libzstd.ZSTD_decompressStream(context, &output, &input)) != 0;
                start += (int)input.Position;
                written = (int)output.Position;
                given += written;
                // Behind a frame there is nothing more; asked all the same, the library would begin another.
                more = frameOpen && written == destination.Length;
            }

            if (!frameOpen)
                FrameEnded?.Invoke(new StreamCheckpoint(Input, given, 0, null));
            if (written > 0)
                return written;
        }

        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> source) => Compress(source, Libzstd.ZSTD_e_continue);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        if (decompress)
            return;
        Compress(default, Libzstd.ZSTD_e_flush);
        inner.Flush();
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (context == 0)
            return;
        try
        {
            if (disposing && !decompress)
                Compress(default, Libzstd.ZSTD_e_end);
        }
        finally
        {
            _ = decompress ? Libzstd.ZSTD_freeDCtx(context) : Libzstd.ZSTD_freeCCtx(context);
            context = 0;
            if (disposing && !leaveOpen)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }

    private void Compress(ReadOnlySpan<byte> source, int operation)
    {
        nuint remaining;
        nuint position = 0;
        do
        {
            int written;
            fixed (byte* from = source, target = buffer)
            {
                var input = new Libzstd.InBuffer { Source = from, Size = (nuint)source.Length, Position = position };
                var output = new Libzstd.OutBuffer { Destination = target, Size = BufferSize };
                remaining = Libzstd.Check(Libzstd.ZSTD_compressStream2(context, &output, &input, operation));
                position = input.Position;
                written = (int)output.Position;
            }

            inner.Write(buffer, 0, written);
        }
        while (position < (nuint)source.Length || (operation != Libzstd.ZSTD_e_continue && remaining != 0));
    }
}
