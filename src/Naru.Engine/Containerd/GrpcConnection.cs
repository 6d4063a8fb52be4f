using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Naru.Base;

namespace Naru.Engine.Containerd;

/// <summary>gRPC calls over one unix socket, in one containerd namespace. Connects at the first call and again whenever the other side went away.</summary>
public sealed class GrpcConnection : IDisposable
{
    private const int LargestMessage = 16 * 1024 * 1024;

    private readonly HttpClient http;
    private readonly string containerdNamespace;

    public GrpcConnection(string socketPath, string containerdNamespace)
    {
        this.containerdNamespace = containerdNamespace;
        http = new HttpClient(new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            UseProxy = false,
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancel);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>One request, one answer.</summary>
    /// <exception cref="NaruException">What the other side answered; Unavailable: nobody is there.</exception>
    public async Task<TResponse> Unary<TResponse>(string method, IMessage request, MessageParser<TResponse> parser, CancellationToken cancel)
        where TResponse : IMessage<TResponse>
    {
        await foreach (var response in Stream(method, request, parser, cancel))
            return response;
        throw new NaruException(ErrorKind.Internal, $"{method}: no answer");
    }

    /// <summary>One request, any number of answers.</summary>
    public async IAsyncEnumerable<TResponse> Stream<TResponse>(string method, IMessage request, MessageParser<TResponse> parser, [EnumeratorCancellation] CancellationToken cancel)
        where TResponse : IMessage<TResponse>
    {
        using var response = await Send(method, new ByteArrayContent(Frame(request)), cancel);
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        while (await ReadMessage(body, cancel) is { } bytes)
            yield return parser.ParseFrom(bytes);
        Check(response);
    }

    /// <summary>Requests and answers in any order.</summary>
    public async Task<GrpcCall> Duplex(string method, CancellationToken cancel)
    {
        var content = new GrpcRequestBody();
        var sending = Send(method, content, cancel);
        var call = new GrpcCall(content);
        // The headers of the answer may only come once the first request has been read.
        call.Response = sending;
        await Task.WhenAny(sending, content.Started.WaitAsync(cancel));
        return call;
    }

    public void Dispose() => http.Dispose();

    internal static byte[] Frame(IMessage message)
    {
        var size = message.CalculateSize();
        var bytes = new byte[5 + size];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), size);
        message.WriteTo(bytes.AsSpan(5));
        return bytes;
    }

    internal static async Task<byte[]?> ReadMessage(Stream body, CancellationToken cancel)
    {
        var header = new byte[5];
        try
        {
            var count = await body.ReadAtLeastAsync(header, 5, throwOnEndOfStream: false, cancel);
            if (count == 0)
                return null;
            if (count < 5)
                throw new NaruException(ErrorKind.Unavailable, "containerd: connection closed within a message");
            var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1));
            if (header[0] != 0 || length > LargestMessage)
                throw new NaruException(ErrorKind.Internal, "containerd: malformed message");
            var bytes = new byte[length];
            await body.ReadExactlyAsync(bytes, cancel);
            return bytes;
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new NaruException(ErrorKind.Unavailable, $"containerd: {e.Message}", e);
        }
    }

    internal static void Check(HttpResponseMessage response)
    {
        if (!response.TrailingHeaders.TryGetValues("grpc-status", out var values) && !response.Headers.TryGetValues("grpc-status", out values))
            throw new NaruException(ErrorKind.Unavailable, "containerd: connection closed");
        var code = int.Parse(values.First(), CultureInfo.InvariantCulture);
        if (code == 0)
            return;
        if (!response.TrailingHeaders.TryGetValues("grpc-message", out var messages) && !response.Headers.TryGetValues("grpc-message", out messages))
            messages = [$"grpc status {code}"];
        throw new NaruException(ErrorTables.FromGrpc(code), Uri.UnescapeDataString(messages.First()));
    }

    private async Task<HttpResponseMessage> Send(string method, HttpContent content, CancellationToken cancel)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://containerd/" + method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Headers.TryAddWithoutValidation("containerd-namespace", containerdNamespace);
        if (GrpcLease.Current is { } lease)
            request.Headers.TryAddWithoutValidation("containerd-lease", lease);
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException e)
        {
            throw new NaruException(ErrorKind.Unavailable, $"containerd: {e.InnerException?.Message ?? e.Message}", e);
        }
    }
}
