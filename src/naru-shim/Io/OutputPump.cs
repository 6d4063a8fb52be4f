namespace Naru.Shim.Io;

/// <summary>Carries one output stream of a process from its pipe (or terminal) to whoever reads it: nothing is lost, and the process does not stall.</summary>
/// <remarks>
/// Direct: what is read is written at once. Waiting: the reader is full; for a moment the process is held back, as by any pipe.
/// Spilling: the reader stays full, or has gone; output goes to a file, up to a bound, and from there in order when it reads again.
/// </remarks>
internal sealed class OutputPump
{
    /// <summary>How long a full reader holds the process back before a file takes its place.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a FIFO without a reader is looked at, once the process has nothing more to say.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(250);

    // One buffer for all streams: the loop has one thread, and none keeps it between two callbacks.
    private static readonly byte[] Buffer = new byte[32 << 10];

    private readonly EventLoop loop;
    private readonly Descriptor source;
    private readonly OutputTarget target;
    private readonly Spill spill;
    private readonly Watch reading;
    private readonly Watch? writing;
    private byte[]? held;
    private bool sourceEnded, closed;

    public OutputPump(EventLoop loop, Descriptor source, OutputTarget target, string spillPath)
    {
        this.loop = loop;
        this.source = source;
        this.target = target;
        spill = new Spill(spillPath);
        writing = target.Polled is { } polled ? loop.Add(polled, Readiness.None, _ => Guard(Resume)) : null;
        reading = loop.Add(source, Readiness.Read, _ => Guard(() => Read(rounds: 4)));
    }

    private bool Spilling => !spill.IsEmpty;

    /// <summary>Whether everything has reached the reader (or its FIFO) and the stream is closed.</summary>
    public bool Closed => closed;

    /// <summary>Whether the process has written more than its reader has taken.</summary>
    public bool IsBehind => !closed && (held is not null || Spilling);

    /// <summary>Takes over all that the process has written so far; called when it has ended.</summary>
    public void TakeRest() => Guard(() =>
    {
        if (held is not null)
            ToSpill();
        while (!sourceEnded && !spill.IsFull && Read(rounds: 64))
        {
            // Until the pipe is empty or the bound is reached.
        }
    });

    /// <summary>Gives up on what the reader has not taken.</summary>
    public void Close()
    {
        if (closed)
            return;
        closed = true;
        EndSource();
        writing?.Dispose();
        target.Dispose();
        spill.Dispose();
    }

    /// <returns>Whether there may be more to read at once.</returns>
    private bool Read(int rounds)
    {
        for (; rounds > 0 && !sourceEnded; rounds--)
        {
            var count = source.Read(Buffer);
            if (count < 0)
                return false;
            if (count == 0)
            {
                EndSource();
                if (held is null && !Spilling)
                    Finish();
                return false;
            }
            Deliver(Buffer.AsSpan(0, count));
            if (held is not null || spill.IsFull)
            {
                reading.Interest = Readiness.None;
                return false;
            }
        }
        return true;
    }

    private void Deliver(ReadOnlySpan<byte> data)
    {
        if (Spilling)
        {
            spill.Append(data);
            return;
        }
        var written = target.Write(data);
        if (written == data.Length)
            return;
        held = data[written..].ToArray();
        var mine = held;
        writing!.Interest = Readiness.Write;
        loop.After(Grace, () =>
        {
            if (!closed && ReferenceEquals(held, mine))
                Guard(ToSpill);
        });
    }

    private void ToSpill()
    {
        spill.Append(held);
        held = null;
        if (!sourceEnded)
            reading.Interest = Readiness.Read;
    }

    // The reader can take more.
    private void Resume()
    {
        if (closed)
            return;
        if (held is not null)
        {
            var written = target.Write(held);
            held = written == held.Length ? null : held[written..];
        }
        while (held is null && Spilling)
        {
            var count = spill.Peek(Buffer);
            var written = target.Write(Buffer.AsSpan(0, count));
            spill.Advance(written);
            if (written < count)
                return;
        }
        if (held is not null)
            return;
        writing!.Interest = Readiness.None;
        if (sourceEnded)
            Finish();
        else
            reading.Interest = Readiness.Read;
    }

    private void EndSource()
    {
        if (sourceEnded)
            return;
        sourceEnded = true;
        reading.Dispose();
        source.Dispose();
    }

    // A FIFO forgets what is in it with its last descriptor: without a reader, ours stays open until one has come.
    private void Finish()
    {
        if (closed)
            return;
        if (target.CanClose())
            Close();
        else
            loop.After(Linger, Finish);
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (LinuxException failure)
        {
            ShimLog.Warn($"output to {target.Name}: {failure.Message}");
            Close();
        }
    }

    private void Guard(Func<bool> action) => Guard(() => { action(); });
}
