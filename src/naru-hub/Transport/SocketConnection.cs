using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Naru.HubServer.Transport;

/// <summary>One connection: pipes right over its socket.</summary>
internal sealed class SocketConnection : DefaultConnectionContext
{
    private const int ReceiveSize = 64 << 10;
    private const int SendSize = 16 << 10;

    private readonly Socket socket;
    private readonly NetworkStream stream;
    private readonly SocketPipe pipe;

    // Never disposed: it has nothing to give back, and the base's own, which is cancelled on another thread and disposed on this, ends the
    // program when the second comes first.
    private readonly CancellationTokenSource closed = new();

    public SocketConnection(Socket socket, Patience patience)
        : base(Guid.NewGuid().ToString("n"))
    {
        this.socket = socket;
        stream = new NetworkStream(socket, ownsSocket: false);

        // An idle connection holds no buffer.
        var input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReceiveSize, minimumReadSize: ReceiveSize / 2, leaveOpen: true, useZeroByteReads: true));
        var output = new SocketWriter(socket, PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: SendSize, leaveOpen: true)), patience, Lose);
        Transport = pipe = new SocketPipe(input, output);
        Features.Set(new FileSending(output));
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = closed.Token;
    }

    public override void Abort(ConnectionAbortedException abortReason) => Lose();

    public override async ValueTask DisposeAsync()
    {
        await pipe.Input.CompleteAsync();
        await pipe.Output.CompleteAsync();
        try
        {
            // What was written is sent before the end is.
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }

        await stream.DisposeAsync();
        socket.Dispose();
        await base.DisposeAsync();
    }

    private void Lose()
    {
        // Who reads or writes is woken with an error.
        socket.Dispose();
        ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), closed, preferLocal: false);
    }

    private sealed class SocketPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
