using System.Buffers.Binary;
using Naru.Engine.Logs;

namespace Naru.Engine.Streams;

/// <summary>A frame of <c>application/vnd.docker.multiplexed-stream</c>: source, three zeros, length (big-endian), bytes.</summary>
public static class StreamFrame
{
    public const int HeaderSize = 8;

    public static byte[] Make(LogSource source, ReadOnlySpan<byte> bytes)
    {
        var frame = new byte[HeaderSize + bytes.Length];
        frame[0] = (byte)source;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), bytes.Length);
        bytes.CopyTo(frame.AsSpan(HeaderSize));
        return frame;
    }
}
