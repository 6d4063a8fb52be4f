using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Naru.Rpc.Grpc;

/// <summary>A gRPC client over HTTP/2 without TLS: to a unix socket, connections made as needed and again after the server's restart, or over one stream.</summary>
/// <remarks>One a server and process; calls may overlap. Failures are <see cref="NaruException"/>s of the status' kind and text; Unavailable when nobody answers.</remarks>
public sealed class GrpcChannel : IDisposable
{
    private static readonly MediaTypeHeaderValue ContentType = new("application/grpc");
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> NoHeaders = new Dictionary<string, IReadOnlyList<string>>();
    private readonly HttpMessageInvoker invoker;
    private readonly string path;
    private Stream? connection;

    /// <param name="address">A path, with or without a leading unix://.</param>
    public GrpcChannel(string address)
    {
        path = address.StartsWith("unix://", StringComparison.Ordinal) ? address["unix://".Length..] : address;
        invoker = Invoker(ConnectAsync, several: true);
    }

    /// <summary>A client over a connection that is there; calls after its end are Unavailable.</summary>
    /// <param name="connection">The channel's from now on.</param>
    /// <param name="name">What errors call the other side.</param>
    public GrpcChannel(Stream connection, string name)
    {
        path = name;
        this.connection = new HeaderSplitter(connection);
        invoker = Invoker((_, _) => ValueTask.FromResult(Interlocked.Exchange(ref this.connection, null) ?? throw new IOException("the connection has ended")), several: false);
    }

    private static HttpMessageInvoker Invoker(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect, bool several) => new(new SocketsHttpHandler
    {
        ConnectCallback = connect,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        EnableMultipleHttp2Connections = several,
        // Blobs go over one stream at a time: a window of 64 KB would make every chunk a round trip.
        InitialHttp2StreamWindowSize = 1 << 20,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
    });

    /// <summary>One request, one answer.</summary>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcOptions options,
        CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using var response = await SendAsync(method.Path, new FrameContent(request), options, cancellation).ConfigureAwait(false);
        var reader = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false));
        try
        {
            var answer = await ReadAsync(reader, method.ResponseParser, cancellation).ConfigureAwait(false);
            while (answer is not null && await ReadAsync(reader, method.ResponseParser, cancellation).ConfigureAwait(false) is not null)
            {
                // A unary answer is one message; what is left is the end of the stream, and with it the trailers.
            }
            ThrowIfFailed(response);
            return answer ?? throw new NaruException(ErrorKind.Internal, $"grpc: {method.Path}: no answer and no error");
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>One request, a stream of answers. Leaving the enumeration early cancels the call.</summary>
    public async IAsyncEnumerable<TResponse> StreamAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcOptions options,
        [EnumeratorCancellation] CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using var response = await SendAsync(method.Path, new FrameContent(request), options, cancellation).ConfigureAwait(false);
        var reader = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false));
        try
        {
            while (await ReadAsync(reader, method.ResponseParser, cancellation).ConfigureAwait(false) is { } message)
                yield return message;
            ThrowIfFailed(response);
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>A stream of requests and a stream of answers (content Write, the streaming service).</summary>
    public GrpcDuplex<TRequest, TResponse> Duplex<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, GrpcOptions options, CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var content = new DuplexContent();
        return new GrpcDuplex<TRequest, TResponse>(method, content, SendAsync(method.Path, content, options, cancellation), cancellation);
    }

    internal static async ValueTask<T?> ReadAsync<T>(PipeReader reader, MessageParser<T> parser, CancellationToken cancellation)
        where T : class, IMessage<T>
    {
        try
        {
            return await GrpcFrame.ReadAsync(reader, parser, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsLoss(failure, cancellation))
        {
            throw new NaruException(ErrorKind.Unavailable, $"grpc: connection lost: {failure.Message}", failure);
        }
    }

    /// <summary>The other side ended the call or the connection. The framework says so in several ways; a cancellation that nobody here asked for is one of them.</summary>
    internal static bool IsLoss(Exception failure, CancellationToken cancellation) =>
        failure is IOException or HttpRequestException or ObjectDisposedException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested);

    /// <summary>The status is in the trailers, or in the headers when the answer has no body.</summary>
    internal static void ThrowIfFailed(HttpResponseMessage response)
    {
        if (!TryStatus(response.TrailingHeaders, out var code, out var message) && !TryStatus(response.Headers, out code, out message))
            throw new NaruException(ErrorKind.Unavailable, "grpc: the connection ended before the status");
        if (code != 0)
            throw new NaruException(ErrorTables.FromGrpc(code), message);
    }

    private static bool TryStatus(HttpHeaders headers, out int code, out string message)
    {
        code = 2;
        message = "";
        if (!headers.NonValidated.TryGetValues("grpc-status", out var status))
            return false;
        if (!int.TryParse(status.ToString(), out code))
            code = 2;
        if (headers.NonValidated.TryGetValues("grpc-message", out var text))
            message = GrpcFrame.DecodeMessage(text.ToString());
        return true;
    }

    private async Task<HttpResponseMessage> SendAsync(string methodPath, HttpContent content, GrpcOptions options, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost" + methodPath)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        content.Headers.ContentType = ContentType;
        request.Headers.TryAddWithoutValidation("te", "trailers");
        if (options.Namespace is not null)
            request.Headers.TryAddWithoutValidation(Metadata.GrpcNamespace, options.Namespace);
        if (options.Lease is not null)
            request.Headers.TryAddWithoutValidation(Metadata.GrpcLease, options.Lease);
        foreach (var header in options.Headers ?? NoHeaders)
            request.Headers.TryAddWithoutValidation(header.Key, string.Join(GrpcOptions.Separator, header.Value));
        HttpResponseMessage response;
        try
        {
            response = await invoker.SendAsync(request, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsLoss(failure, cancellation))
        {
            throw new NaruException(ErrorKind.Unavailable, $"grpc: {path}: {failure.InnerException?.Message ?? failure.Message}", failure);
        }
        if (response.StatusCode == HttpStatusCode.OK)
            return response;
        response.Dispose();
        throw new NaruException(ErrorKind.Internal, $"grpc: {methodPath}: unexpected HTTP status {(int)response.StatusCode}");
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        invoker.Dispose();
        connection?.Dispose();
    }

    /// <summary>A body of one message.</summary>
    private sealed class FrameContent(IMessage message) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            stream.WriteAsync(GrpcFrame.ToArray(message)).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = GrpcFrame.HeaderSize + message.CalculateSize();
            return true;
        }
    }
}
