using System.Net.Sockets;

namespace Naru.Rpc.Ttrpc;

/// <summary>Answers unary ttrpc calls on a listening unix socket.</summary>
/// <remarks>Handlers are added before <see cref="RunAsync"/>. A malformed frame ends its connection; a handler's failure is that call's status.</remarks>
public sealed class TtrpcServer
{
    private readonly Dictionary<string, Func<TtrpcCall, ByteString, Task<IMessage>>> handlers = new(StringComparer.Ordinal);

    /// <summary>Serves SERVICE/METHOD by a handler.</summary>
    public void Handle<TRequest>(string service, string method, MessageParser<TRequest> parser, Func<TtrpcCall, TRequest, Task<IMessage>> handler)
        where TRequest : IMessage<TRequest> =>
        handlers[$"{service}/{method}"] = (call, payload) => handler(call, parser.ParseFrom(payload));

    /// <summary>Accepts connections until cancelled; owns neither the socket nor its path.</summary>
    public async Task RunAsync(Socket listener, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException failure)
            {
                // Out of descriptors, most likely: wait rather than spin.
                Log.Warn($"ttrpc: accept: {failure.Message}");
                await Task.Delay(100, CancellationToken.None).ConfigureAwait(false);
                continue;
            }
            _ = ServeAsync(new NetworkStream(socket, ownsSocket: true), cancellation);
        }
    }

    /// <summary>Serves one connection to its end; owns the stream.</summary>
    public async Task ServeAsync(Stream stream, CancellationToken cancellation)
    {
        await using var owned = stream.ConfigureAwait(false);
        using var writing = new SemaphoreSlim(1, 1);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = new HashSet<Task>();
        try
        {
            await ReceiveAsync(stream, writing, running, ended.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or NaruException or InvalidProtocolBufferException or OperationCanceledException)
        {
            if (failure is NaruException or InvalidProtocolBufferException)
                Log.Warn($"ttrpc: connection closed: {failure.Message}");
        }
        await ended.CancelAsync().ConfigureAwait(false);
        Task[] left;
        lock (running)
            left = [.. running];
        await Task.WhenAll(left).ConfigureAwait(false);
    }

    private async Task ReceiveAsync(Stream stream, SemaphoreSlim writing, HashSet<Task> running, CancellationToken ended)
    {
        var header = new byte[FrameHeader.Size];
        uint last = 0;
        while (true)
        {
            await stream.ReadExactlyAsync(header, ended).ConfigureAwait(false);
            var frame = FrameHeader.Parse(header);
            var payload = new byte[frame.Length];
            await stream.ReadExactlyAsync(payload, ended).ConfigureAwait(false);
            if (frame.Type != FrameType.Request)
                continue;
            if (frame.StreamId % 2 == 0 || (frame.StreamId <= last && last != 0))
                throw NaruException.Invalid($"stream id {frame.StreamId} must be odd and above {last}");
            last = frame.StreamId;

            var answering = AnswerAsync(stream, writing, frame, Request.Parser.ParseFrom(payload), ended);
            lock (running)
                running.Add(answering);
            _ = answering.ContinueWith(done => { lock (running) running.Remove(done); }, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task AnswerAsync(Stream stream, SemaphoreSlim writing, FrameHeader header, Request request, CancellationToken ended)
    {
        await Task.Yield();
        var response = (header.Flags & FrameFlags.RemoteOpen) != 0
            ? Failed(ErrorKind.Unimplemented, $"/{request.Service}/{request.Method}: takes one message, not a stream")
            : await RespondAsync(request, ended).ConfigureAwait(false);
        var frame = Frame(header.StreamId, response);
        await writing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await stream.WriteAsync(frame, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // The caller has gone; its connection's reader sees that too.
        }
        finally
        {
            writing.Release();
        }
    }

    // An answer that is too long becomes one that says so: the caller must not wait for ever.
    private static byte[] Frame(uint id, Response response)
    {
        try
        {
            return FrameHeader.Frame(id, FrameType.Response, response);
        }
        catch (NaruException failure)
        {
            return FrameHeader.Frame(id, FrameType.Response, Failed(ErrorKind.Internal, failure.Message));
        }
    }

    private async Task<Response> RespondAsync(Request request, CancellationToken ended)
    {
        if (!handlers.TryGetValue($"{request.Service}/{request.Method}", out var handler))
            return Failed(ErrorKind.Unimplemented, $"/{request.Service}/{request.Method}: not implemented");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ended);
        if (request.TimeoutNano > 0)
            deadline.CancelAfter(TimeSpan.FromTicks(Math.Max(request.TimeoutNano / 100, 1)));
        try
        {
            var answer = await handler(new TtrpcCall(request, deadline.Token), request.Payload).ConfigureAwait(false);
            return new Response { Status = new Status(), Payload = answer.ToByteString() };
        }
        catch (NaruException failure)
        {
            return Failed(failure.Kind, failure.Message);
        }
        catch (OperationCanceledException)
        {
            return ended.IsCancellationRequested
                ? Failed(ErrorKind.Canceled, "context canceled")
                : Failed(ErrorKind.DeadlineExceeded, "context deadline exceeded");
        }
        catch (InvalidProtocolBufferException failure)
        {
            return Failed(ErrorKind.InvalidArgument, failure.Message);
        }
        catch (Exception failure)
        {
            Log.Error($"ttrpc: {request.Service}/{request.Method}: {failure}");
            return Failed(ErrorKind.Internal, failure.Message);
        }
    }

    /// <summary>A status of this kind, as the answer to a call. What is of no other kind is Unknown, as containerd's own: to Internal its clients add a word.</summary>
    public static Response Failed(ErrorKind kind, string message)
    {
        const int unknown = 2;
        return new() { Status = new Status { Code = kind == ErrorKind.Internal ? unknown : ErrorTables.ToGrpc(kind), Message = message } };
    }
}
