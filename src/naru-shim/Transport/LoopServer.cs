using Naru.Rpc.Ttrpc;

namespace Naru.Shim.Transport;

/// <summary>ttrpc's server on the event loop: unary calls, which may overlap and may take as long as they like (Wait).</summary>
internal sealed class LoopServer
{
    /// <summary>More than this many at a time wait in the socket's queue: containerd needs one or two.</summary>
    private const int MostConnections = 32;

    private readonly EventLoop loop;
    private readonly Descriptor listener;
    private readonly Watch accepting;
    private readonly Func<Request, Task<IMessage>> answer;
    private readonly HashSet<Connection> connections = [];

    public LoopServer(EventLoop loop, Descriptor listener, Func<Request, Task<IMessage>> answer)
    {
        this.loop = loop;
        this.listener = listener;
        this.answer = answer;
        accepting = loop.Add(listener, Readiness.Read, _ => Accept());
    }

    /// <summary>Completes when every answer has been written, or after this long.</summary>
    public async Task DrainAsync(TimeSpan most)
    {
        for (var waited = TimeSpan.Zero; waited < most && connections.Any(each => !each.Idle); waited += TimeSpan.FromMilliseconds(10))
            await loop.Delay(TimeSpan.FromMilliseconds(10));
    }

    private void Accept()
    {
        while (connections.Count < MostConnections && UnixSocket.Accept(listener) is { } socket)
            connections.Add(new Connection(this, socket));
        if (connections.Count >= MostConnections)
            accepting.Interest = Readiness.None;
    }

    private void Ended(Connection connection)
    {
        connections.Remove(connection);
        accepting.Interest = Readiness.Read;
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
            catch (Exception failure) when (failure is NaruException or LinuxException or InvalidProtocolBufferException or OutOfMemoryException)
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
            var request = Request.Parser.ParseFrom(payload);
            _ = AnswerAsync(header, request);
        }

        private async Task AnswerAsync(FrameHeader header, Request request)
        {
            var frame = await RespondAsync(header, request);
            if (closed)
                return;
            outgoing.Add(frame);
            try
            {
                Flush();
            }
            catch (LinuxException)
            {
                Close();
            }
        }

        private async Task<byte[]> RespondAsync(FrameHeader header, Request request)
        {
            Response response;
            try
            {
                if ((header.Flags & FrameFlags.RemoteOpen) != 0)
                    throw new NaruException(ErrorKind.Unimplemented, $"/{request.Service}/{request.Method}: takes one message, not a stream");
                var message = await server.answer(request);
                return FrameHeader.Frame(header.StreamId, FrameType.Response, new Response { Status = new Status(), Payload = message.ToByteString() });
            }
            catch (NaruException failure)
            {
                response = TtrpcServer.Failed(failure.Kind, failure.Message);
            }
            catch (InvalidProtocolBufferException failure)
            {
                response = TtrpcServer.Failed(ErrorKind.InvalidArgument, failure.Message);
            }
            catch (Exception failure)
            {
                // The last place that knows the caller: whatever went wrong, it must not wait for ever.
                ShimLog.Warn($"{request.Method}: {failure}");
                response = TtrpcServer.Failed(ErrorKind.Internal, failure.Message);
            }
            return FrameHeader.Frame(header.StreamId, FrameType.Response, response);
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
            server.Ended(this);
        }
    }
}
