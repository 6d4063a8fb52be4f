using Naru.Rpc.Ttrpc;

namespace Naru.Shim.Transport;

/// <summary>ttrpc's server on the event loop: unary calls, which may overlap and may take as long as they like (Wait).</summary>
internal sealed class LoopServer
{
    private readonly EventLoop loop;
    private readonly Descriptor listener;
    private readonly Func<Request, Task<IMessage>> answer;
    private readonly HashSet<Connection> connections = [];

    public LoopServer(EventLoop loop, Descriptor listener, Func<Request, Task<IMessage>> answer)
    {
        this.loop = loop;
        this.listener = listener;
        this.answer = answer;
        loop.Add(listener, Readiness.Read, _ => Accept());
    }

    /// <summary>Completes when every answer has been written, or after this long.</summary>
    public async Task DrainAsync(TimeSpan most)
    {
        for (var waited = TimeSpan.Zero; waited < most && connections.Any(each => !each.Idle); waited += TimeSpan.FromMilliseconds(10))
            await loop.Delay(TimeSpan.FromMilliseconds(10));
    }

    private void Accept()
    {
        while (UnixSocket.Accept(listener) is { } socket)
            connections.Add(new Connection(this, socket));
    }

    private sealed class Connection
    {
        private readonly LoopServer server;
        private readonly Descriptor socket;
        private readonly Watch watch;
        private readonly FrameBuffer incoming = new();
        private readonly OutQueue outgoing = new();
        private uint last;
        private bool closed;

        public Connection(LoopServer server, Descriptor socket)
        {
            this.server = server;
            this.socket = socket;
            watch = server.loop.Add(socket, Readiness.Read, Ready);
        }

        public bool Idle => outgoing.IsEmpty;

        private void Ready(Readiness readiness)
        {
            try
            {
                if ((readiness & Readiness.Write) != 0)
                    Flush();
                if ((readiness & (Readiness.Read | Readiness.HangUp | Readiness.Error)) == 0)
                    return;
                var open = incoming.Fill(socket);
                while (!closed && incoming.TryTake(out var header, out var payload))
                    Take(header, payload);
                incoming.Compact();
                if (!open)
                    Close();
            }
            catch (Exception failure) when (failure is NaruException or LinuxException or InvalidProtocolBufferException)
            {
                ShimLog.Warn($"ttrpc: connection closed: {failure.Message}");
                Close();
            }
        }

        private void Take(FrameHeader header, ReadOnlySpan<byte> payload)
        {
            if (header.Type != FrameType.Request)
                return;
            if (header.StreamId % 2 == 0 || header.StreamId <= last)
                throw NaruException.Invalid($"stream id {header.StreamId} must be odd and above {last}");
            last = header.StreamId;
            _ = AnswerAsync(header.StreamId, Request.Parser.ParseFrom(payload));
        }

        private async Task AnswerAsync(uint id, Request request)
        {
            var response = await RespondAsync(request);
            if (closed)
                return;
            outgoing.Add(FrameHeader.Frame(id, FrameType.Response, response));
            try
            {
                Flush();
            }
            catch (LinuxException)
            {
                Close();
            }
        }

        private async Task<Response> RespondAsync(Request request)
        {
            try
            {
                var message = await server.answer(request);
                return new Response { Status = new Status(), Payload = message.ToByteString() };
            }
            catch (NaruException failure)
            {
                return TtrpcServer.Failed(failure.Kind, failure.Message);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidProtocolBufferException)
            {
                return TtrpcServer.Failed(ErrorKind.Internal, failure.Message);
            }
        }

        private void Flush()
        {
            outgoing.Flush(socket);
            watch.Interest = outgoing.IsEmpty ? Readiness.Read : Readiness.Read | Readiness.Write;
        }

        private void Close()
        {
            if (closed)
                return;
            closed = true;
            watch.Dispose();
            socket.Dispose();
            server.connections.Remove(this);
        }
    }
}
