using System.Globalization;
using Google.Protobuf;
using Naru.Cli.Http2;
using Naru.Rpc.Grpc;

namespace Naru.Cli.Grpc;

/// <summary>Calls over one HTTP/2 connection.</summary>
internal sealed class GrpcClient(Http2Connection connection)
{
    /// <summary>One message there, one back.</summary>
    /// <exception cref="GrpcException">The other side's error, or the connection's.</exception>
    public T Call<T>(string method, IMessage request, MessageParser<T> answer, HeaderField? metadata = null, Action<GrpcStream>? started = null)
        where T : class, IMessage<T>
    {
        var call = Start(method, metadata);
        started?.Invoke(call);
        call.Write(request);
        call.End();
        var message = Next(call, answer);
        if (message is not null)
            Next(call, answer);
        return message ?? throw new GrpcException(GrpcException.Internal, $"{method}: no answer", []);
    }

    /// <summary>Begins a call; the caller writes, ends, and reads by <see cref="Next"/>.</summary>
    public GrpcStream Start(string method, HeaderField? metadata = null)
    {
        var fields = new List<HeaderField>
        {
            new(":method", "POST"),
            new(":scheme", "http"),
            new(":path", method),
            new(":authority", "localhost"),
            new("content-type", "application/grpc"),
            new("user-agent", $"grpc-naru/{ClientVersion.Version}"),
            new("te", "trailers"),
        };
        if (metadata is not null)
            fields.Add(metadata);
        try
        {
            return new GrpcStream(connection.Open(fields));
        }
        catch (IOException e)
        {
            throw new GrpcException(GrpcException.Unavailable, e.Message, []);
        }
    }

    /// <summary>The next message of an answer; null once it has ended well.</summary>
    /// <exception cref="GrpcException">It ended with an error.</exception>
    public static T? Next<T>(GrpcStream call, MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        List<HeaderField> headers;
        try
        {
            headers = call.Stream.WaitForHeaders();
        }
        catch (Http2Exception e)
        {
            throw new GrpcException(GrpcException.Unavailable, e.Message, []);
        }

        if (Find(headers, ":status") is { } status && status != "200")
            throw new GrpcException(GrpcException.Unavailable, $"unexpected HTTP status {status}", []);
        if (call.Read(parser) is { } message)
            return message;
        // An answer without a body has its status among its first headers.
        var last = call.Stream.Trailers ?? headers;
        if (Find(last, "grpc-status") is not { } text || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            throw new GrpcException(GrpcException.Internal, "the answer ended without a status", []);
        if (code == 0)
            return null;
        throw new GrpcException(code, GrpcFrame.DecodeMessage(Find(last, "grpc-message") ?? ""), Binary(Find(last, "grpc-status-details-bin")));
    }

    /// <summary>The first header of that name.</summary>
    public static string? Find(List<HeaderField> fields, string name)
    {
        foreach (var field in fields)
        {
            if (field.Name == name)
                return field.Value;
        }

        return null;
    }

    /// <summary>Base64 with or without its padding.</summary>
    private static byte[] Binary(string? text)
    {
        if (text is null)
            return [];
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), buffer, out var count) ? buffer[..count] : [];
    }
}
