using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace Naru.Rpc.Grpc;

/// <summary>gRPC's length-prefixed messages: one byte (1 is compressed, which is refused), four bytes of length, the message.</summary>
/// <remarks>Both sides use it: the client over its HTTP/2 streams, Kestrel's services over BodyReader and BodyWriter.</remarks>
public static class GrpcFrame
{
    public const int HeaderSize = 5;

    /// <summary>The longest message accepted (containerd's own default).</summary>
    public const int MaxLength = 16 << 20;

    /// <summary>Puts one message into the writer; the caller flushes.</summary>
    public static void Write(IBufferWriter<byte> writer, IMessage message)
    {
        var length = message.CalculateSize();
        var span = writer.GetSpan(HeaderSize + length)[..(HeaderSize + length)];
        span[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], length);
        message.WriteTo(span[HeaderSize..]);
        writer.Advance(HeaderSize + length);
    }

    /// <summary>A whole frame in an array of its own.</summary>
    public static byte[] ToArray(IMessage message)
    {
        var frame = new byte[HeaderSize + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - HeaderSize);
        message.WriteTo(frame.AsSpan(HeaderSize));
        return frame;
    }

    /// <summary>The next message, or null at the end of the stream.</summary>
    /// <exception cref="NaruException">InvalidArgument: over the cap, or no message; Unimplemented: compressed; Internal: the stream ended within a message.</exception>
    public static async ValueTask<T?> ReadAsync<T>(PipeReader reader, MessageParser<T> parser, CancellationToken cancellation)
        where T : class, IMessage<T>
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellation).ConfigureAwait(false);
            var buffer = result.Buffer;
            if (TryRead(buffer, parser, out var message, out var consumed))
            {
                reader.AdvanceTo(consumed);
                return message;
            }
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                return buffer.IsEmpty ? null : throw new NaruException(ErrorKind.Internal, "grpc: the stream ended within a message");
            if (result.IsCanceled)
                throw new OperationCanceledException(cancellation);
        }
    }

    /// <summary>The next message if all of it is here already.</summary>
    internal static T? TryRead<T>(PipeReader reader, MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        if (!reader.TryRead(out var result))
            return null;
        if (TryRead(result.Buffer, parser, out var message, out var consumed))
            reader.AdvanceTo(consumed);
        else
            reader.AdvanceTo(result.Buffer.Start);
        return message;
    }

    private static bool TryRead<T>(ReadOnlySequence<byte> buffer, MessageParser<T> parser, out T? message, out SequencePosition consumed)
        where T : class, IMessage<T>
    {
        message = null;
        consumed = buffer.Start;
        if (buffer.Length < HeaderSize)
            return false;
        Span<byte> header = stackalloc byte[HeaderSize];
        buffer.Slice(0, HeaderSize).CopyTo(header);
        if (header[0] != 0)
            throw new NaruException(ErrorKind.Unimplemented, "grpc: compressed messages are not supported");
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (length > MaxLength)
            throw NaruException.Invalid($"grpc: message of {length} bytes is over the cap of {MaxLength}");
        if (buffer.Length < HeaderSize + length)
            return false;
        var body = buffer.Slice(HeaderSize, length);
        try
        {
            message = parser.ParseFrom(body);
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"grpc: {failure.Message}", failure);
        }
        consumed = body.End;
        return true;
    }

    /// <summary>grpc-message's percent encoding: printable ASCII but % stays.</summary>
    public static string EncodeMessage(string message)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(message);
        var text = new System.Text.StringBuilder(bytes.Length);
        foreach (var each in bytes)
        {
            if (each is >= 0x20 and <= 0x7e and not (byte)'%')
                text.Append((char)each);
            else
                text.Append('%').Append(each.ToString("X2"));
        }
        return text.ToString();
    }

    public static string DecodeMessage(string encoded) => encoded.Contains('%') ? Uri.UnescapeDataString(encoded) : encoded;
}
