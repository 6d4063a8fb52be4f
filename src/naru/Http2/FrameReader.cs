namespace Naru.Cli.Http2;

/// <summary>Reads frames from a byte stream; a frame's payload is valid until the next one is read.</summary>
internal sealed class FrameReader(Stream transport)
{
    /// <summary>Our SETTINGS_MAX_FRAME_SIZE, which is the default.</summary>
    private const int LargestFrame = 16384;

    private readonly byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;
    private int length;

    public ReadOnlySpan<byte> Payload => buffer.AsSpan(start - length, length);

    /// <summary>The next frame's header, its <see cref="Payload"/> read; null at the end between two frames.</summary>
    /// <exception cref="Http2Exception">A frame larger than may be, or an end within one.</exception>
    public FrameHeader? Next()
    {
        if (!Fill(FrameHeader.Size, endAllowed: true))
            return null;
        var header = FrameHeader.Read(buffer.AsSpan(start));
        if (header.Length > LargestFrame)
            throw new Http2Exception(Http2Error.FrameSize, $"http2: a frame of {header.Length} bytes, more than {LargestFrame}");
        start += FrameHeader.Size;
        Fill(header.Length, endAllowed: false);
        start += header.Length;
        length = header.Length;
        return header;
    }

    /// <summary>A block of headers that goes on in CONTINUATION frames, whole.</summary>
    public byte[] Continue(int stream, ReadOnlySpan<byte> first, int most)
    {
        var block = first.ToArray();
        while (true)
        {
            var frame = Next();
            if (frame is not { Type: FrameType.Continuation } || frame.Value.Stream != stream)
                throw new Http2Exception(Http2Error.Protocol, "http2: headers that do not go on");
            if (block.Length + Payload.Length > most)
                throw new Http2Exception(Http2Error.EnhanceYourCalm, $"http2: headers of more than {most} bytes");
            block = [.. block, .. Payload];
            if (frame.Value.Has(FrameFlags.EndHeaders))
                return block;
        }
    }

    /// <summary>The payload without its padding.</summary>
    public static ReadOnlySpan<byte> Unpad(FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        if (!frame.Has(FrameFlags.Padded))
            return payload;
        return !payload.IsEmpty && payload[0] < payload.Length
            ? payload[1..^payload[0]]
            : throw new Http2Exception(Http2Error.Protocol, "http2: more padding than frame");
    }

    /// <summary>Reads exactly these bytes.</summary>
    public void Expect(ReadOnlySpan<byte> bytes)
    {
        if (!Fill(bytes.Length, endAllowed: true) || !buffer.AsSpan(start, bytes.Length).SequenceEqual(bytes))
            throw new Http2Exception(Http2Error.Protocol, "http2: the other side does not speak HTTP/2");
        start += bytes.Length;
    }

    private bool Fill(int count, bool endAllowed)
    {
        if (start + count > buffer.Length)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        while (end - start < count)
        {
            var read = transport.Read(buffer, end, buffer.Length - end);
            if (read > 0)
                end += read;
            else if (endAllowed && end == start)
                return false;
            else
                throw new Http2Exception(Http2Error.Protocol, "http2: the connection ended within a frame");
        }

        return true;
    }
}
