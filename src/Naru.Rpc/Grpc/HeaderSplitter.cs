using System.Buffers;
using System.Buffers.Binary;

namespace Naru.Rpc.Grpc;

/// <summary>The client's side of an HTTP/2 connection, on which a header of several values goes out as several headers.</summary>
/// <remarks>
/// SocketsHttpHandler joins a header's values by commas; gRPC's metadata has them one by one, and they may hold commas. So they are joined by
/// <see cref="GrpcOptions.Separator"/>, and taken apart here. Its HPACK is plain: no Huffman code, no dynamic table, so that nothing else changes.
/// Frames: RFC 9113 section 4.1; header blocks: RFC 7541 section 6.
/// </remarks>
internal sealed class HeaderSplitter(Stream inner) : Stream
{
    private const int Preface = 24, FrameHeader = 9, LargestFrame = 16384;
    private const byte Headers = 1, Continuation = 9, EndHeaders = 4;
    private readonly ArrayBufferWriter<byte> output = new();
    private readonly ArrayBufferWriter<byte> given = new();
    private readonly ArrayBufferWriter<byte> block = new();
    private byte[] pending = [];
    private byte[]? firstHeader;
    private long passing = Preface;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (passing >= buffer.Length && pending.Length == 0)
        {
            passing -= buffer.Length;
            await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            return;
        }

        output.ResetWrittenCount();
        Take(pending.Length == 0 ? buffer.Span : (byte[])[.. pending, .. buffer.Span]);
        await inner.WriteAsync(output.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Passes frames on to the output; the frames of a header block wait until all of it is there.</summary>
    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var count = (int)Math.Min(passing, bytes.Length);
            output.Write(bytes[..count]);
            passing -= count;
            bytes = bytes[count..];
            if (bytes.Length < FrameHeader)
                break;
            var length = (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
            if (bytes[3] is not (Headers or Continuation))
            {
                passing = FrameHeader + length;
                continue;
            }

            if (bytes.Length < FrameHeader + length)
                break;
            firstHeader ??= bytes[..FrameHeader].ToArray();
            given.Write(bytes.Slice(FrameHeader, length));
            if ((bytes[4] & EndHeaders) != 0)
                Finish();
            bytes = bytes[(FrameHeader + length)..];
        }

        pending = bytes.ToArray();
    }

    private void Finish()
    {
        Split(given.WrittenSpan);
        given.ResetWrittenCount();
        var fragment = block.WrittenSpan;
        var type = Headers;
        do
        {
            var part = fragment[..Math.Min(LargestFrame, fragment.Length)];
            fragment = fragment[part.Length..];
            var header = output.GetSpan(FrameHeader);
            firstHeader!.CopyTo(header);
            BinaryPrimitives.WriteInt32BigEndian(header, part.Length << 8);
            header[3] = type;
            header[4] = (byte)((type == Headers ? firstHeader![4] & ~EndHeaders : 0) | (fragment.IsEmpty ? EndHeaders : 0));
            output.Advance(FrameHeader);
            output.Write(part);
            type = Continuation;
        }
        while (!fragment.IsEmpty);
        firstHeader = null;
        block.ResetWrittenCount();
    }

    /// <summary>Copies the fields of a whole block.</summary>
    private void Split(ReadOnlySpan<byte> fields)
    {
        while (!fields.IsEmpty)
        {
            var rest = fields;
            var first = fields[0];
            // Indexed, or the table's size: one number and nothing more.
            var whole = (first & 0x80) != 0 || (first & 0xE0) == 0x20;
            var index = Number(ref rest, (first & 0x80) != 0 ? 7 : (first & 0x40) != 0 ? 6 : whole ? 5 : 4);
            if (whole)
            {
                block.Write(fields[..^rest.Length]);
                fields = rest;
                continue;
            }

            if (index == 0)
                Text(ref rest);
            var name = fields[..^rest.Length];
            var beforeValue = rest;
            var value = Text(ref rest);
            if (value.Contains((byte)GrpcOptions.Separator))
            {
                foreach (var range in value.Split((byte)GrpcOptions.Separator))
                {
                    block.Write(name);
                    WriteText(value[range]);
                }
            }
            else
            {
                block.Write(name);
                block.Write(beforeValue[..^rest.Length]);
            }

            fields = rest;
        }
    }

    private static int Number(ref ReadOnlySpan<byte> bytes, int prefix)
    {
        var limit = (1 << prefix) - 1;
        var value = bytes[0] & limit;
        bytes = bytes[1..];
        if (value < limit)
            return value;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value += (next & 0x7F) << shift;
            if ((next & 0x80) == 0)
                return value;
        }
    }

    private static ReadOnlySpan<byte> Text(ref ReadOnlySpan<byte> bytes)
    {
        var length = Number(ref bytes, 7);
        var text = bytes[..length];
        bytes = bytes[length..];
        return text;
    }

    private void WriteText(ReadOnlySpan<byte> text)
    {
        var length = text.Length;
        var span = block.GetSpan(6);
        var at = 0;
        if (length < 127)
        {
            span[at++] = (byte)length;
        }
        else
        {
            span[at++] = 127;
            for (length -= 127; length >= 128; length >>= 7)
                span[at++] = (byte)(length | 0x80);
            span[at++] = (byte)length;
        }

        block.Advance(at);
        block.Write(text);
    }
}
