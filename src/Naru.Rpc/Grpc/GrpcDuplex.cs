using System.IO.Pipelines;

namespace Naru.Rpc.Grpc;

/// <summary>A call with a stream each way. One writer and one reader at a time.</summary>
/// <remarks>Disposing before the end of the answers cancels the call.</remarks>
public sealed class GrpcDuplex<TRequest, TResponse> : IAsyncDisposable
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    /// <summary>Files come this way: by 4 KB at a time, as by default, they would take long.</summary>
    private static readonly StreamPipeReaderOptions ReaderOptions = new(bufferSize: 64 << 10);

    private readonly GrpcMethod<TRequest, TResponse> method;
    private readonly DuplexContent content;
    private readonly Task<HttpResponseMessage> sending;
    private readonly CancellationToken cancellation;
    private PipeReader? reader;

    internal GrpcDuplex(GrpcMethod<TRequest, TResponse> method, DuplexContent content, Task<HttpResponseMessage> sending, CancellationToken cancellation)
    {
        this.method = method;
        this.content = content;
        this.sending = sending;
        this.cancellation = cancellation;
        _ = sending.ContinueWith(sent => content.Fail(sent.Exception!.InnerException!), CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _ = sending.ContinueWith(_ => content.Fail(new OperationCanceledException(cancellation)), CancellationToken.None,
            TaskContinuationOptions.OnlyOnCanceled | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Sends one message.</summary>
    /// <exception cref="NaruException">Unavailable: the server has ended the call; its status is what <see cref="ReadAsync"/> throws.</exception>
    public Task WriteAsync(TRequest message) => WriteAsync(GrpcFrame.ToArray(message));

    /// <summary>Sends messages that are framed already (<see cref="GrpcFrame.Write"/>).</summary>
    /// <exception cref="NaruException">As of one message.</exception>
    public async Task WriteAsync(ReadOnlyMemory<byte> frames)
    {
        try
        {
            var stream = await content.Stream.ConfigureAwait(false);
            await stream.WriteAsync(frames, cancellation).ConfigureAwait(false);
            await stream.FlushAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (GrpcChannel.IsLoss(failure, cancellation))
        {
            throw new NaruException(ErrorKind.Unavailable, $"grpc: {method.Path}: {failure.Message}", failure);
        }
    }

    /// <summary>Says that no message follows.</summary>
    public void Complete() => content.Complete();

    /// <summary>The next answer, or null when the call has ended well.</summary>
    /// <exception cref="NaruException">The status with which it has ended.</exception>
    public async Task<TResponse?> ReadAsync()
    {
        var response = await sending.ConfigureAwait(false);
        reader ??= PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false), ReaderOptions);
        var message = await GrpcChannel.ReadAsync(reader, method.ResponseParser, cancellation).ConfigureAwait(false);
        if (message is null)
            GrpcChannel.ThrowIfFailed(response);
        return message;
    }

    /// <summary>Adds the next answers, all that are here already and at least one. False: the call has ended well.</summary>
    /// <exception cref="NaruException">The status with which it has ended.</exception>
    public async Task<bool> ReadAsync(List<TResponse> answers)
    {
        if (await ReadAsync().ConfigureAwait(false) is not { } first)
            return false;
        answers.Add(first);
        while (GrpcFrame.TryRead(reader!, method.ResponseParser) is { } next)
            answers.Add(next);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        content.Complete();
        if (reader is not null)
            await reader.CompleteAsync().ConfigureAwait(false);
        try
        {
            (await sending.ConfigureAwait(false)).Dispose();
        }
        catch (Exception failure) when (failure is NaruException or OperationCanceledException)
        {
            // Reported to the reader or the writer already.
        }
    }
}
