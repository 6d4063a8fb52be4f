using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Naru.Rpc.Ttrpc;

/// <summary>One ttrpc connection over a unix socket; calls may overlap.</summary>
/// <remarks>Lives until disposed or until the other side hangs up (<see cref="Completion"/>); every call under way then fails as Unavailable.</remarks>
public sealed class TtrpcClient : IAsyncDisposable
{
    private readonly Stream stream;
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<Response>> pending = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly string name;
    private uint lastStreamId = uint.MaxValue;
    private volatile bool closed;

    private TtrpcClient(Stream stream, string name)
    {
        this.stream = stream;
        this.name = name;
        Completion = ReceiveAsync();
    }

    /// <summary>Ends, without an error, when the connection has.</summary>
    public Task Completion { get; }

    /// <summary>Connects to a path, with or without a leading unix://.</summary>
    /// <exception cref="NaruException">Unavailable: nobody listens there.</exception>
    public static async Task<TtrpcClient> ConnectAsync(string address, CancellationToken cancellation)
    {
        var path = address.StartsWith("unix://", StringComparison.Ordinal) ? address["unix://".Length..] : address;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new NaruException(ErrorKind.Unavailable, $"dial unix {path}: {failure.Message}", failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return new TtrpcClient(new NetworkStream(socket, ownsSocket: true), path);
    }

    /// <summary>Speaks over a stream that is connected already; the client owns it.</summary>
    public static TtrpcClient Over(Stream stream) => new(stream, "stream");

    /// <summary>One call and its answer.</summary>
    /// <param name="timeout">Told to the server, and kept here too; null is none.</param>
    /// <exception cref="NaruException">The kind and text of the server's status; Unavailable when the connection is lost; DeadlineExceeded.</exception>
    public async Task<TResponse> CallAsync<TResponse>(string service, string method, IMessage request, MessageParser<TResponse> parser,
        string? containerdNamespace, TimeSpan? timeout, CancellationToken cancellation)
        where TResponse : IMessage<TResponse>
    {
        var envelope = new Request { Service = service, Method = method, Payload = request.ToByteString() };
        if (containerdNamespace is not null)
            envelope.Metadata.Add(new KeyValue { Key = Metadata.Namespace, Value = containerdNamespace });
        if (timeout is { } limit)
            envelope.TimeoutNano = limit.Ticks * 100;

        var answer = new TaskCompletionSource<Response>(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = await SendAsync(envelope, answer, cancellation).ConfigureAwait(false);
        try
        {
            var response = await (timeout is { } wait ? answer.Task.WaitAsync(wait, cancellation) : answer.Task.WaitAsync(cancellation)).ConfigureAwait(false);
            if (response.Status is { Code: not 0 } status)
                throw new NaruException(ErrorTables.FromGrpc(status.Code), status.Message);
            return parser.ParseFrom(response.Payload);
        }
        catch (TimeoutException)
        {
            throw new NaruException(ErrorKind.DeadlineExceeded, $"{service}/{method}: no answer from {name} within {timeout!.Value.TotalSeconds:0.#} s");
        }
        finally
        {
            pending.TryRemove(id, out _);
        }
    }

    private async Task<uint> SendAsync(Request envelope, TaskCompletionSource<Response> answer, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // Ids grow in the order of sending, so both happen under the one lock.
            var id = unchecked(lastStreamId += 2);
            var frame = FrameHeader.Frame(id, FrameType.Request, envelope);
            pending[id] = answer;
            // Pending first, then the look: the receiver sets the mark and then fails what is pending.
            if (closed)
                Fail(id, answer);
            else
                await WriteAsync(frame, id, answer).ConfigureAwait(false);
            return id;
        }
        finally
        {
            writing.Release();
        }
    }

    // A frame is written whole, whatever becomes of its caller: half of one would end the connection for all.
    private async Task WriteAsync(byte[] frame, uint id, TaskCompletionSource<Response> answer)
    {
        try
        {
            await stream.WriteAsync(frame, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            Fail(id, answer);
        }
    }

    private void Fail(uint id, TaskCompletionSource<Response> answer)
    {
        pending.TryRemove(id, out _);
        answer.TrySetException(new NaruException(ErrorKind.Unavailable, $"ttrpc: closed: {name}"));
    }

    private async Task ReceiveAsync()
    {
        await Task.Yield();
        var header = new byte[FrameHeader.Size];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(header).ConfigureAwait(false);
                var frame = FrameHeader.Parse(header);
                var payload = new byte[frame.Length];
                await stream.ReadExactlyAsync(payload).ConfigureAwait(false);
                if (frame.Type != FrameType.Response)
                    continue;
                // Read first: an answer that is none ends the connection, and its call with it.
                var response = Response.Parser.ParseFrom(payload);
                if (pending.TryRemove(frame.StreamId, out var answer))
                    answer.TrySetResult(response);
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or NaruException or InvalidProtocolBufferException)
        {
            Log.Debug($"ttrpc: {name}: {failure.Message}");
        }
        closed = true;
        await stream.DisposeAsync().ConfigureAwait(false);
        foreach (var (id, answer) in pending)
            Fail(id, answer);
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(false);
        foreach (var (id, answer) in pending)
            Fail(id, answer);
        writing.Dispose();
    }
}
