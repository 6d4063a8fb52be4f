namespace Naru.Cli.Http2;

/// <summary>HTTP/2 over one byte stream that both sides agreed on before (RFC 9113): the client's side, or the server's.</summary>
/// <remarks>
/// One thread reads frames for the connection's life; whoever sends writes by itself, one at a time. <see cref="gate"/> guards the streams and how much
/// may be sent, and is signalled when there is more of that; what a stream received is under the stream's own, so that only its reader wakes.
/// The other side's bytes are acknowledged for the connection as they come and for a stream as they are read, so a slow reader stops its own stream only.
/// </remarks>
internal sealed partial class Http2Connection : IDisposable
{
    public const int StreamWindow = 1 << 20;

    private const int DefaultWindow = 65535, ConnectionWindow = 1 << 30, SmallestFrame = 16384, MaximumHeaders = 256 * 1024, MaximumStreams = 1000;
    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    private readonly Stream transport;
    private readonly bool server;
    private readonly Action<Http2Stream>? accept;
    private readonly Dictionary<int, Http2Stream> streams = [];
    private readonly HpackDecoder headers = new(new HeaderTable());
    private readonly FrameWriter writer;
    private readonly object gate = new();
    private long sendWindow = DefaultWindow;
    private int peerWindow = DefaultWindow;
    private int peerFrame = SmallestFrame;
    private int credit;
    private int nextId = 1;
    private int lastAccepted;
    private Http2Exception? closed;

    /// <param name="transport">Owned by the connection.</param>
    /// <param name="accept">What a server does with a stream, on a thread of its own; null on a client's side.</param>
    public Http2Connection(Stream transport, Action<Http2Stream>? accept = null)
    {
        this.transport = transport;
        this.accept = accept;
        server = accept is not null;
        writer = new FrameWriter(transport);
        if (!server)
            writer.Raw(Preface);
        // ENABLE_PUSH off (a client's to say), INITIAL_WINDOW_SIZE, MAX_HEADER_LIST_SIZE.
        writer.Settings(server ? [(4, StreamWindow), (6, MaximumHeaders)] : [(2, 0), (4, StreamWindow), (6, MaximumHeaders)]);
        writer.WindowUpdate(0, ConnectionWindow, hold: true);
        // A client's first words go together with its first request.
        if (server)
            writer.Flush();
        new Thread(Run, 256 * 1024) { IsBackground = true, Name = "http2" }.Start();
    }

    /// <summary>Why the connection is no more; null while it is.</summary>
    public Http2Exception? Closed
    {
        get
        {
            lock (gate)
                return closed;
        }
    }

    /// <summary>Begins a request; it goes out with the first bytes of its body, or when its answer is waited for.</summary>
    /// <exception cref="Http2Exception">The connection is gone.</exception>
    public Http2Stream Open(IReadOnlyList<HeaderField> fields, bool end = false)
    {
        Http2Stream stream;
        // The other side must see the numbers in order: they are given and sent in one step.
        lock (writer)
        {
            lock (gate)
            {
                if (closed is not null)
                    throw closed;
                stream = new Http2Stream(this, nextId, peerWindow);
                nextId += 2;
                streams.Add(stream.Id, stream);
            }

            SendHeaders(stream, fields, end, hold: !end);
        }

        return stream;
    }

    /// <summary>Sends what was held back.</summary>
    /// <exception cref="Http2Exception">The connection is gone.</exception>
    public void Flush() => writer.Flush();

    public void SendHeaders(Http2Stream stream, IReadOnlyList<HeaderField> fields, bool end, bool hold)
    {
        writer.Headers(stream.Id, HpackEncoder.Encode(fields), end, SmallestFrame, hold);
        if (end)
            EndSending(stream);
    }

    public void SendData(Http2Stream stream, ReadOnlySpan<byte> bytes, bool end, bool hold)
    {
        do
        {
            int count;
            lock (gate)
            {
                while (true)
                {
                    stream.ThrowIfFailed();
                    if (closed is not null)
                        throw closed;
                    if (stream.SentEnd)
                        throw new Http2Exception(Http2Error.StreamClosed, "http2: the stream was ended on our side");
                    count = (int)Math.Min(bytes.Length, Math.Min(stream.SendWindow, sendWindow));
                    if (count > 0 || bytes.IsEmpty)
                        break;
                    writer.Flush();
                    Monitor.Wait(gate);
                }

                stream.SendWindow -= count;
                sendWindow -= count;
            }

            writer.Data(stream.Id, bytes[..count], end && count == bytes.Length, peerFrame, hold);
            bytes = bytes[count..];
        }
        while (!bytes.IsEmpty);
        if (end)
            EndSending(stream);
    }

    public void SendWindowUpdate(int stream, int count) => writer.WindowUpdate(stream, count);

    public void Reset(Http2Stream stream, Http2Error error)
    {
        lock (gate)
        {
            if (closed is not null || !streams.Remove(stream.Id) || (stream.ReceivedEnd && stream.SentEnd))
                return;
            stream.Fail(new Http2Exception(error, "http2: the stream was given up"));
            Monitor.PulseAll(gate);
        }

        writer.ResetStream(stream.Id, error);
    }

    /// <summary>Says goodbye and closes; streams that still run fail.</summary>
    public void Dispose()
    {
        if (Closed is null)
            TrySend(() => writer.GoAway(lastAccepted, Http2Error.None));
        Close(new Http2Exception(Http2Error.None, "http2: the connection was closed"));
    }

    private void EndSending(Http2Stream stream)
    {
        lock (gate)
        {
            stream.SentEnd = true;
            Forget(stream);
        }
    }

    /// <summary>Under the gate: a stream that has ended both ways is no longer looked for.</summary>
    private void Forget(Http2Stream stream)
    {
        if (stream.SentEnd && stream.ReceivedEnd)
            streams.Remove(stream.Id);
    }

    private void Close(Http2Exception reason)
    {
        lock (gate)
        {
            closed ??= reason;
            foreach (var stream in streams.Values)
                stream.Fail(closed);
            streams.Clear();
            Monitor.PulseAll(gate);
        }

        transport.Dispose();
    }

    private static void TrySend(Action send)
    {
        try
        {
            send();
        }
        catch (Http2Exception)
        {
            // It is being closed: whoever does not hear of it sees the end.
        }
    }

    private void Run()
    {
        try
        {
            var reader = new FrameReader(transport);
            if (server)
                reader.Expect(Preface);
            while (reader.Next() is { } frame)
                Handle(frame, reader);
            Close(new Http2Exception(Http2Error.None, "http2: the other side closed the connection"));
        }
        catch (Http2Exception e)
        {
            TrySend(() => writer.GoAway(lastAccepted, e.Error));
            Close(e);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or Naru.Linux.LinuxException or System.Net.Sockets.SocketException)
        {
            Close(new Http2Exception(Http2Error.Internal, $"http2: {e.Message}"));
        }
    }

    private void Handle(FrameHeader frame, FrameReader reader)
    {
        var payload = reader.Payload;
        switch (frame.Type)
        {
            case FrameType.Data:
                HandleData(frame, FrameReader.Unpad(frame, payload));
                break;
            case FrameType.Headers:
                HandleHeaders(frame, reader);
                break;
            case FrameType.ResetStream:
                HandleReset(frame, payload);
                break;
            case FrameType.Settings:
                HandleSettings(frame, payload);
                break;
            case FrameType.Ping:
                if (payload.Length != 8)
                    throw new Http2Exception(Http2Error.FrameSize, $"http2: a PING of {payload.Length} bytes");
                if (!frame.Has(FrameFlags.Acknowledge))
                    writer.Pong(payload);
                break;
            case FrameType.GoAway:
                HandleGoAway(payload);
                break;
            case FrameType.WindowUpdate:
                HandleWindowUpdate(frame, payload);
                break;
            case FrameType.PushPromise or FrameType.Continuation:
                throw new Http2Exception(Http2Error.Protocol, $"http2: a {frame.Type} frame where none may be");
            default:
                // PRIORITY means nothing any more; unknown types are to be ignored.
                break;
        }
    }

    private void HandleData(FrameHeader frame, ReadOnlySpan<byte> bytes)
    {
        int grant;
        lock (gate)
        {
            // Also for a stream that is gone: its bytes counted.
            credit += frame.Length;
            (grant, credit) = credit >= StreamWindow ? (credit, 0) : (0, credit);
            if (streams.TryGetValue(frame.Stream, out var stream))
            {
                if (stream.ReceivedEnd)
                    throw new Http2Exception(Http2Error.StreamClosed, $"http2: DATA on stream {frame.Stream} after its end");
                stream.AcceptData(bytes, frame.Length, frame.Has(FrameFlags.EndStream));
                Forget(stream);
            }
            else if (frame.Stream == 0 || IsIdle(frame.Stream))
            {
                throw new Http2Exception(Http2Error.Protocol, $"http2: DATA on stream {frame.Stream}, which was never opened");
            }
        }

        if (grant > 0)
            writer.WindowUpdate(0, grant);
    }

    /// <summary>A number that neither side has used yet.</summary>
    private bool IsIdle(int id) => server ? id > lastAccepted : id >= nextId;

    private void HandleHeaders(FrameHeader frame, FrameReader reader)
    {
        var block = FrameReader.Unpad(frame, reader.Payload);
        if (frame.Has(FrameFlags.Priority))
            block = block.Length >= 5 ? block[5..] : throw new Http2Exception(Http2Error.FrameSize, "http2: HEADERS too short for its priority");
        if (!frame.Has(FrameFlags.EndHeaders))
            block = reader.Continue(frame.Stream, block, MaximumHeaders);
        var fields = headers.Decode(block);
        Http2Stream? stream;
        lock (gate)
        {
            if (!streams.TryGetValue(frame.Stream, out stream))
            {
                if (!server || frame.Stream <= lastAccepted)
                    return;
                if ((frame.Stream & 1) == 0)
                    throw new Http2Exception(Http2Error.Protocol, $"http2: a client's stream with the number {frame.Stream}");
                lastAccepted = frame.Stream;
                if (streams.Count < MaximumStreams)
                {
                    stream = new Http2Stream(this, frame.Stream, peerWindow);
                    streams.Add(stream.Id, stream);
                }
            }
            else
            {
                stream.AcceptHeaders(fields, frame.Has(FrameFlags.EndStream));
                Forget(stream);
                return;
            }

            stream?.AcceptHeaders(fields, frame.Has(FrameFlags.EndStream));
        }

        if (stream is null)
            writer.ResetStream(frame.Stream, Http2Error.RefusedStream);
        else
            SpareThreads.Run(() => accept!(stream));
    }
}
