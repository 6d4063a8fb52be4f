using System.Net;
using Google.Protobuf;

namespace Naru.Engine.Containerd;

/// <summary>A request body that stays open: each message is sent when it is given.</summary>
internal sealed class GrpcRequestBody : HttpContent
{
    private readonly TaskCompletionSource<Stream> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Started => started.Task;

    public async Task Send(IMessage message, CancellationToken cancel)
    {
        var stream = await started.Task.WaitAsync(cancel);
        await stream.WriteAsync(GrpcConnection.Frame(message), cancel);
        await stream.FlushAsync(cancel);
    }

    public void End() => ended.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.FlushAsync();
        started.TrySetResult(stream);
        await ended.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        End();
        base.Dispose(disposing);
    }
}
