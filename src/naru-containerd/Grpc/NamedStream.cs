using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Containerd;

namespace Naru.ContainerdDaemon;

/// <summary>A two-way stream of messages that a client opened for another call to use. Ends when that call closes it, or the client goes.</summary>
internal sealed class NamedStream(GrpcCall call)
{
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly SemaphoreSlim asking = new(1, 1);
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Falls when the stream's user closes it.</summary>
    public Task Closed => closed.Task;

    public CancellationToken Cancel => call.Cancel;

    public async Task Send(IMessage message)
    {
        await writing.WaitAsync(call.Cancel);
        try
        {
            await call.Write(EventExchange.Pack(message));
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Sends a question and reads its answer; others who ask meanwhile wait their turn. Null when the client has gone.</summary>
    public async Task<Any?> Ask(IMessage question)
    {
        await asking.WaitAsync(call.Cancel);
        try
        {
            await Send(question);
            return await Receive();
        }
        finally
        {
            asking.Release();
        }
    }

    /// <summary>The next message, or null when the client has sent all.</summary>
    public Task<Any?> Receive() => call.Read(Any.Parser);

    public void Close() => closed.TrySetResult();
}
