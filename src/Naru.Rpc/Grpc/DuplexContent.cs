using System.Net;

namespace Naru.Rpc.Grpc;

/// <summary>A request body that its caller writes, message by message, while the answer is read.</summary>
internal sealed class DuplexContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The body's stream, once the connection is there.</summary>
    public Task<Stream> Stream => opened.Task;

    public void Complete() => completed.TrySetResult();

    /// <summary>The call ended without asking for the body: whoever waits to write hears of it.</summary>
    public void Fail(Exception failure)
    {
        opened.TrySetException(failure);
        completed.TrySetResult();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellation)
    {
        try
        {
            // The headers go out at once: the server may have to speak first.
            await stream.FlushAsync(cancellation).ConfigureAwait(false);
            opened.TrySetResult(stream);
        }
        catch (Exception failure)
        {
            opened.TrySetException(failure);
            throw;
        }

        await completed.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
