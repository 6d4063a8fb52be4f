namespace Naru.Cli.Http2;

/// <summary>One request and its answer. What the other side sent is read here; each direction ends on its own.</summary>
/// <remarks>Made by <see cref="Http2Connection"/>, whose reader fills it. What was received is under a gate of the stream's own, the rest under the connection's.</remarks>
internal sealed class Http2Stream(Http2Connection connection, int id, int sendWindow)
{
    private readonly object gate = new();
    private readonly ByteQueue received = new();
    private int unacknowledged;
    private volatile bool ended;
    private volatile Http2Exception? failure;

    public int Id { get; } = id;

    /// <summary>How many bytes the other side still takes on this stream; negative when it has shrunk its window.</summary>
    public long SendWindow { get; set; } = sendWindow;

    /// <summary>How many bytes it may still send.</summary>
    public int ReceiveWindow { get; private set; } = Http2Connection.StreamWindow;

    /// <summary>The first headers: the request's on a server's side, the answer's on a client's; null until they came.</summary>
    public List<HeaderField>? Headers { get; private set; }

    /// <summary>The headers after the body; null when there were none.</summary>
    public List<HeaderField>? Trailers { get; private set; }

    public bool SentEnd { get; set; }

    public bool ReceivedEnd => ended;

    /// <summary>Waits for the answer's headers.</summary>
    /// <exception cref="Http2Exception">The stream or the connection ended before.</exception>
    public List<HeaderField> WaitForHeaders()
    {
        connection.Flush();
        lock (gate)
        {
            while (Headers is null)
            {
                if (failure is not null)
                    throw failure;
                Monitor.Wait(gate);
            }

            return Headers;
        }
    }

    /// <summary>Reads what is there, or waits for it; 0 is the end, after which <see cref="Trailers"/> are complete.</summary>
    /// <exception cref="Http2Exception">The stream was reset, or the connection is gone.</exception>
    public int Read(Span<byte> into)
    {
        if (into.IsEmpty)
            return 0;
        int count, credit = 0;
        if (!HasData)
            connection.Flush();
        lock (gate)
        {
            while (received.Count == 0 && !ended)
            {
                if (failure is not null)
                    throw failure;
                Monitor.Wait(gate);
            }

            count = received.Read(into);
            unacknowledged += count;
            if (!ended && unacknowledged >= Http2Connection.StreamWindow / 2)
            {
                credit = unacknowledged;
                ReceiveWindow += credit;
                unacknowledged = 0;
            }
        }

        if (credit > 0)
            connection.SendWindowUpdate(Id, credit);
        return count;
    }

    /// <summary>True when bytes wait to be read: a reader that has much to say first may go on.</summary>
    public bool HasData
    {
        get
        {
            lock (gate)
                return received.Count > 0 || ended || failure is not null;
        }
    }

    /// <param name="hold">They may wait for what is written next, or for the next read.</param>
    public void SendHeaders(IReadOnlyList<HeaderField> fields, bool end = false, bool hold = false) => connection.SendHeaders(this, fields, end, hold);

    /// <summary>Sends, waiting for the other side's windows.</summary>
    /// <param name="hold">The last of it may wait for what is written next, or for the next read.</param>
    /// <exception cref="Http2Exception">The stream was reset, or the connection is gone.</exception>
    public void Write(ReadOnlySpan<byte> bytes, bool end = false, bool hold = false) => connection.SendData(this, bytes, end, hold);

    /// <summary>Gives the stream up, unless it ended both ways already.</summary>
    public void Reset(Http2Error error) => connection.Reset(this, error);

    /// <summary>Throws when the stream can take no more.</summary>
    public void ThrowIfFailed()
    {
        if (failure is not null)
            throw failure;
    }

    /// <summary>The connection's reader alone calls this.</summary>
    public void AcceptHeaders(List<HeaderField> fields, bool end)
    {
        lock (gate)
        {
            if (Headers is null)
                Headers = fields;
            else if (end)
                Trailers = fields;
            // What stands between (1xx) means nothing to gRPC.
            ended |= end;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>The connection's reader alone calls this.</summary>
    public void AcceptData(ReadOnlySpan<byte> bytes, int counted, bool end)
    {
        lock (gate)
        {
            ReceiveWindow -= counted;
            if (ReceiveWindow < 0)
                throw new Http2Exception(Http2Error.FlowControl, "http2: the other side sent more than the stream's window");
            received.Write(bytes);
            unacknowledged += counted - bytes.Length;
            ended |= end;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Nothing more comes. What came can still be read; a stream that has ended well stays so.</summary>
    public void Fail(Http2Exception reason)
    {
        lock (gate)
        {
            if (!ended)
                failure ??= reason;
            Monitor.PulseAll(gate);
        }
    }
}
