using System.Buffers.Binary;

namespace Naru.Cli.Http2;

/// <summary>Writes whole frames, one caller at a time (the writer is its own lock).</summary>
/// <remarks>A frame may be held back, to go out together with the next that is not: each write wakes the other side once.</remarks>
internal sealed class FrameWriter(Stream transport)
{
    private byte[] buffer = new byte[4096];
    private int used;

    /// <summary>Bytes that are no frame, held back.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        lock (this)
            Add(bytes);
    }

    /// <summary>Sends what was held back.</summary>
    /// <exception cref="Http2Exception">The other side no longer reads.</exception>
    public void Flush()
    {
        lock (this)
            Send();
    }

    /// <summary>Held back.</summary>
    public void Settings(ReadOnlySpan<(ushort Key, uint Value)> values)
    {
        Span<byte> payload = stackalloc byte[6 * values.Length];
        for (var at = 0; at < values.Length; at++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload[(6 * at)..], values[at].Key);
            BinaryPrimitives.WriteUInt32BigEndian(payload[(6 * at + 2)..], values[at].Value);
        }

        Single(FrameType.Settings, FrameFlags.None, 0, payload, hold: true);
    }

    public void AcknowledgeSettings() => Single(FrameType.Settings, FrameFlags.Acknowledge, 0, []);

    public void Pong(ReadOnlySpan<byte> payload) => Single(FrameType.Ping, FrameFlags.Acknowledge, 0, payload);

    public void WindowUpdate(int stream, int count, bool hold = false) => Number(FrameType.WindowUpdate, stream, (uint)count, hold);

    public void ResetStream(int stream, Http2Error error) => Number(FrameType.ResetStream, stream, (uint)error);

    public void GoAway(int last, Http2Error error)
    {
        Span<byte> payload = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(payload, last);
        BinaryPrimitives.WriteUInt32BigEndian(payload[4..], (uint)error);
        Single(FrameType.GoAway, FrameFlags.None, 0, payload);
    }

    /// <summary>A block of headers: one frame, or several that nothing may come between.</summary>
    public void Headers(int stream, ReadOnlySpan<byte> block, bool end, int largest, bool hold)
    {
        lock (this)
        {
            var type = FrameType.Headers;
            do
            {
                var part = block[..Math.Min(block.Length, largest)];
                block = block[part.Length..];
                var flags = (type == FrameType.Headers && end ? FrameFlags.EndStream : 0) | (block.IsEmpty ? FrameFlags.EndHeaders : 0);
                Put(new FrameHeader(part.Length, type, flags, stream), part);
                type = FrameType.Continuation;
            }
            while (!block.IsEmpty);
            if (!hold)
                Send();
        }
    }

    /// <summary>Bytes of a body, in as few writes as its frames allow.</summary>
    public void Data(int stream, ReadOnlySpan<byte> bytes, bool end, int largest, bool hold)
    {
        const int Batch = 256 * 1024;
        lock (this)
        {
            do
            {
                var part = bytes[..Math.Min(bytes.Length, largest)];
                bytes = bytes[part.Length..];
                Put(new FrameHeader(part.Length, FrameType.Data, end && bytes.IsEmpty ? FrameFlags.EndStream : 0, stream), part);
                if (used >= Batch)
                    Send();
            }
            while (!bytes.IsEmpty);
            if (!hold)
                Send();
        }
    }

    private void Number(FrameType type, int stream, uint value, bool hold = false)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(payload, value);
        Single(type, FrameFlags.None, stream, payload, hold);
    }

    private void Single(FrameType type, FrameFlags flags, int stream, ReadOnlySpan<byte> payload, bool hold = false)
    {
        lock (this)
        {
            Put(new FrameHeader(payload.Length, type, flags, stream), payload);
            if (!hold)
                Send();
        }
    }

    private void Put(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[FrameHeader.Size];
        header.Write(head);
        Add(head);
        Add(payload);
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        var size = used + bytes.Length;
        if (size > buffer.Length)
            Array.Resize(ref buffer, Math.Max(size, buffer.Length * 2));
        bytes.CopyTo(buffer.AsSpan(used));
        used = size;
    }

    private void Send()
    {
        var count = used;
        used = 0;
        if (count > 0)
            Write(buffer.AsSpan(0, count));
    }

    /// <exception cref="Http2Exception">The other side no longer reads.</exception>
    private void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            transport.Write(bytes);
        }
        catch (Exception e) when (e is Naru.Linux.LinuxException or System.Net.Sockets.SocketException or ObjectDisposedException || (e is IOException && e is not Http2Exception))
        {
            throw new Http2Exception(Http2Error.Internal, $"http2: the connection is gone: {e.Message}");
        }
    }
}
