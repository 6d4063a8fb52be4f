using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Naru.Base;

namespace Naru.GrpcServer;

/// <summary>One gRPC call: messages in, messages out. The frame is a byte (compressed or not), a 32-bit big-endian length, the message.</summary>
/// <remarks>Owned by its handler; <see cref="Cancel"/> falls when the client goes or the daemon stops.</remarks>
public sealed class GrpcCall(HttpContext http, CancellationToken cancel)
{
    private const int HeaderSize = 5;

    /// <summary>Larger messages are refused; containerd's limit.</summary>
    private const int MaxMessage = 16 << 20;

    public CancellationToken Cancel { get; } = cancel;

    /// <summary>A header of the call's; null where it has none by that name.</summary>
    public string? Header(string name) => http.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>The next message, or null when the client has sent all.</summary>
    public async Task<T?> Read<T>(MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        var reader = http.Request.BodyReader;
        var header = await reader.ReadAtLeastAsync(HeaderSize, Cancel);
        if (header.Buffer.Length < HeaderSize)
        {
            reader.AdvanceTo(header.Buffer.End);
            return header.Buffer.IsEmpty ? null : throw NaruException.Invalid("gRPC frame ends in its header");
        }

        var size = ReadHeader(header);
        var frame = header;
        if (frame.Buffer.Length < HeaderSize + size)
        {
            reader.AdvanceTo(header.Buffer.Start, header.Buffer.End);
            frame = await reader.ReadAtLeastAsync(HeaderSize + size, Cancel);
        }

        if (frame.Buffer.Length < HeaderSize + size)
            throw NaruException.Invalid("gRPC frame ends in its message");
        var body = frame.Buffer.Slice(HeaderSize, size);
        var message = parser.ParseFrom(body);
        reader.AdvanceTo(body.End);
        return message;
    }

    /// <summary>The call's one message.</summary>
    public async Task<T> ReadOne<T>(MessageParser<T> parser)
        where T : class, IMessage<T> => await Read(parser) ?? throw NaruException.Invalid("the call has no message");

    /// <summary>Sends one of several messages.</summary>
    public async Task Write(IMessage message)
    {
        Answer(message);
        await http.Response.BodyWriter.FlushAsync(Cancel);
    }

    /// <summary>Leaves the only message to be sent with the call's end: headers, message and status in one piece.</summary>
    public void Answer(IMessage message)
    {
        var writer = http.Response.BodyWriter;
        Frame(writer.GetSpan(HeaderSize), message.CalculateSize());
        writer.Advance(HeaderSize);
        message.WriteTo(writer);
    }

    /// <summary>Sends the headers now: a subscriber may then count on being heard.</summary>
    public Task Begin() => http.Response.BodyWriter.FlushAsync(Cancel).AsTask();

    private static int ReadHeader(ReadResult header)
    {
        Span<byte> bytes = stackalloc byte[HeaderSize];
        System.Buffers.BuffersExtensions.CopyTo(header.Buffer.Slice(0, HeaderSize), bytes);
        if (bytes[0] != 0)
            throw new NaruException(ErrorKind.Unimplemented, "compressed gRPC messages are not accepted");
        var size = BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);
        return size <= MaxMessage ? (int)size : throw NaruException.Invalid($"gRPC message of {size} bytes is larger than {MaxMessage}");
    }

    private static void Frame(Span<byte> span, int size)
    {
        span[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], size);
    }
}
