using System.Threading.Channels;
using Naru.Base;
using Naru.Containerd;
using Naru.Rpc.Transfer;
using Naru.Rpc.Types;

namespace Naru.ContainerdDaemon;

/// <summary>Sends a transfer's progress on the client's stream, in order; a client that does not listen costs the transfer nothing.</summary>
internal sealed class ProgressSender : IAsyncDisposable
{
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(5);

    /// <summary>Beyond this the oldest lines go: progress is told anew all the time.</summary>
    private const int Backlog = 1024;

    private readonly Channel<TransferProgress> queue = Channel.CreateBounded<TransferProgress>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly NamedStream? stream;
    private readonly Task sending;

    public ProgressSender(NamedStream? stream)
    {
        this.stream = stream;
        sending = stream is null ? Task.CompletedTask : Send(stream);
    }

    /// <summary>Tells; from any thread, never waits.</summary>
    public void Report(TransferProgress progress)
    {
        if (stream is not null)
            queue.Writer.TryWrite(progress);
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await Task.WhenAny(sending, Task.Delay(FlushLimit));
        stream?.Close();
    }

    private async Task Send(NamedStream stream)
    {
        try
        {
            await foreach (var progress in queue.Reader.ReadAllAsync(stream.Cancel))
                await stream.Send(Message(progress));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            Log.Debug($"progress stream: {e.Message}");
        }
    }

    private static Progress Message(TransferProgress progress) => new()
    {
        Event = progress.Event,
        Name = progress.Name,
        Progress_ = progress.Done,
        Total = progress.Total,
        Desc = progress.Descriptor is { } d ? new ContentDescriptor { MediaType = d.MediaType, Digest = d.Digest.ToString(), Size = d.Size } : null,
    };
}
