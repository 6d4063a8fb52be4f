using System.Buffers;
using System.IO.Pipelines;

namespace Naru.Rpc.Grpc;

/// <summary>Two pipes as one stream. Its end is told by <see cref="Ended"/>, whichever side it comes from.</summary>
public sealed class PipeConnection(IDuplexPipe transport) : ForwardStream
{
    /// <summary>What is worth being woken for while much is coming.</summary>
    private const int Portion = 128 << 10;

    /// <summary>Less than this in a moment is talk, which nobody keeps waiting.</summary>
    private const int Much = 32 << 10;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private readonly Stream output = transport.Output.AsStream(leaveOpen: true);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long began;
    private int came;

    /// <summary>Of what was waited for, how much has not been taken yet.</summary>
    private long ready;

    public Task Ended => ended.Task;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var result = await Next(cancellationToken).ConfigureAwait(false);
            var count = (int)Math.Min(buffer.Length, result.Buffer.Length);
            var rest = result.Buffer.GetPosition(count);
            result.Buffer.Slice(0, rest).CopyTo(buffer.Span);
            transport.Input.AdvanceTo(rest);
            came += count;
            ready -= count;
            if (count == 0 && buffer.Length > 0)
                ended.TrySetResult();
            return count;
        }
        catch
        {
            ended.TrySetResult();
            throw;
        }
    }

    /// <summary>The bytes that are here. While much is coming, a moment's worth at once: each waking costs more than the bytes it brings.</summary>
    private async ValueTask<ReadResult> Next(CancellationToken cancel)
    {
        var result = await transport.Input.ReadAsync(cancel).ConfigureAwait(false);
        if (ready > 0)
            return result;
        var now = Environment.TickCount64;
        if (now - began > 10)
        {
            began = now;
            came = 0;
        }

        if (came >= Much && result.Buffer.Length < Portion && !result.IsCompleted && !result.IsCanceled)
        {
            transport.Input.AdvanceTo(result.Buffer.Start);
            await Task.Delay(Moment, cancel).ConfigureAwait(false);
            result = await transport.Input.ReadAsync(cancel).ConfigureAwait(false);
        }

        ready = result.Buffer.Length;
        return result;
    }

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await output.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            ended.TrySetResult();
            throw;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            transport.Input.CancelPendingRead();
            ended.TrySetResult();
        }

        base.Dispose(disposing);
    }
}
