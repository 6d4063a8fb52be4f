using System.Buffers.Binary;
using Google.Protobuf;
using Naru.Cli.Http2;

namespace Naru.Cli.Grpc;

/// <summary>Messages on one HTTP/2 stream, both ways: each with five octets before it (0: not compressed, then its length).</summary>
/// <remarks>What is written is gathered until it fills a frame's worth or <see cref="Flush"/> is called. One thread reads, and one writes.</remarks>
internal sealed class GrpcStream(Http2Stream stream)
{
    public const int PrefixSize = 5;

    private const int LongestMessage = 64 << 20, Batch = 64 * 1024;

    private byte[] incoming = new byte[4096];
    private byte[] outgoing = new byte[4096];
    private int used;

    public Http2Stream Stream => stream;

    /// <summary>The next message; null at the end of what the other side had to say.</summary>
    /// <exception cref="GrpcException">The stream broke, or this is no message.</exception>
    public T? Read<T>(MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        var length = ReadLength();
        if (length < 0)
            return null;
        try
        {
            return parser.ParseFrom(incoming, 0, length);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new GrpcException(GrpcException.Internal, $"malformed message: {e.Message}", []);
        }
    }

    /// <summary>The next message's bytes, valid until the next call; null at the end.</summary>
    public ReadOnlyMemory<byte>? ReadBytes()
    {
        var length = ReadLength();
        return length < 0 ? null : incoming.AsMemory(0, length);
    }

    public void Write(IMessage message)
    {
        var size = message.CalculateSize();
        message.WriteTo(Reserve(size));
    }

    /// <summary>Room for a message of this size, which the caller fills before it does anything else.</summary>
    public Span<byte> Reserve(int size)
    {
        if (used > 0 && used + PrefixSize + size > Batch)
            Flush();
        if (used + PrefixSize + size > outgoing.Length)
            Array.Resize(ref outgoing, Math.Max(used + PrefixSize + size, Math.Min(Batch, outgoing.Length * 4)));
        outgoing[used] = 0;
        BinaryPrimitives.WriteInt32BigEndian(outgoing.AsSpan(used + 1), size);
        var room = outgoing.AsSpan(used + PrefixSize, size);
        used += PrefixSize + size;
        return room;
    }

    /// <exception cref="GrpcException">The stream broke.</exception>
    public void Flush() => Send(end: false);

    /// <summary>As <see cref="Flush"/>, but it may wait for what is sent next on the connection.</summary>
    public void Hold() => Send(end: false, hold: true);

    /// <summary>Sends what is left, and the end of this direction: a client's half-close.</summary>
    public void End() => Send(end: true);

    private void Send(bool end, bool hold = false)
    {
        if (used == 0 && !end)
            return;
        try
        {
            stream.Write(outgoing.AsSpan(0, used), end, hold);
            used = 0;
        }
        catch (IOException e)
        {
            throw Broken(e);
        }
    }

    private int ReadLength()
    {
        Span<byte> prefix = stackalloc byte[PrefixSize];
        if (!Fill(prefix, endAllowed: true))
            return -1;
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (prefix[0] != 0)
            throw new GrpcException(GrpcException.Unimplemented, "compressed messages are not supported", []);
        if (length > LongestMessage)
            throw new GrpcException(GrpcException.Internal, $"a message of {length} bytes is over the limit of {LongestMessage}", []);
        if (length > incoming.Length)
            incoming = new byte[Math.Max((int)length, Math.Min(LongestMessage, incoming.Length * 2))];
        Fill(incoming.AsSpan(0, (int)length), endAllowed: false);
        return (int)length;
    }

    private bool Fill(Span<byte> into, bool endAllowed)
    {
        for (var have = 0; have < into.Length;)
        {
            int count;
            try
            {
                count = stream.Read(into[have..]);
            }
            catch (Http2Exception e)
            {
                throw Broken(e);
            }

            if (count == 0)
                return endAllowed && have == 0 ? false : throw new GrpcException(GrpcException.Internal, "the stream ended within a message", []);
            have += count;
        }

        return true;
    }

    private static GrpcException Broken(IOException e) =>
        new(e is Http2Exception { Error: Http2Error.Cancel } ? GrpcException.Canceled : GrpcException.Unavailable, e.Message, []);
}
