namespace Naru.Shim.Io;

/// <summary>Carries one output stream of a process from its pipe (or terminal) to whoever reads it: nothing is lost, and the process does not stall.</summary>
/// <remarks>
/// Direct: what is read is written at once. Waiting: the reader is full; for a moment the process is held back, as by any pipe.
/// Spilling: the reader stays full, or has gone; output goes to a file, up to a bound, and from there in order when it reads again.
/// What is held is always younger than what is spilled; while anything is held, nothing is read.
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
    // Made when the reader is full for the first time.
    private byte[]? held;
    private int heldStart, heldEnd, holds;
    private bool timing, sourceEnded, closed;

    public OutputPump(EventLoop loop, Descriptor source, OutputTarget target, string spillPath)
    {
        this.loop = loop;
        this.source = source;
        this.target = target;
        spill = new Spill(spillPath);
        writing = target.Polled is { } polled ? loop.Add(polled, Readiness.None, _ => Guard(Resume)) : null;
        reading = loop.Add(source, Readiness.Read, _ => Guard(() => Read(rounds: 4)));
    }

    private bool Holding => heldStart < heldEnd;

    /// <summary>Whether everything has reached the reader (or its FIFO) and the stream is closed.</summary>
    public bool Closed => closed;

    /// <summary>Whether the process has written more than its reader has taken.</summary>
    public bool IsBehind => !closed && (Holding || !spill.IsEmpty);

    /// <summary>Takes over all that the process has written so far; called when it has ended.</summary>
    public void TakeRest() => Guard(() =>
    {
        ToSpill();
        while (!sourceEnded && !Holding && !spill.IsFull && Read(rounds: 64))
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
                if (!Holding && spill.IsEmpty)
                    Finish();
                return false;
            }
            Deliver(Buffer.AsSpan(0, count));
            if (Holding || spill.IsFull)
            {
                reading.Interest = Readiness.None;
                return false;
            }
        }
        return true;
    }

    private void Deliver(ReadOnlySpan<byte> data)
    {
        if (!spill.IsEmpty)
        {
            if (!spill.TryAppend(data))
                Hold(data);
            return;
        }
        var written = target.Write(data);
        if (written == data.Length)
            return;
        Hold(data[written..]);
        writing!.Interest = Readiness.Write;
        Time();
    }

    private void Hold(ReadOnlySpan<byte> data)
    {
        held ??= new byte[Buffer.Length];
        data.CopyTo(held);
        (heldStart, heldEnd) = (0, data.Length);
        holds++;
    }

    // One timer at a time, however often the reader is full for a moment.
    private void Time()
    {
        if (timing)
            return;
        timing = true;
        var mine = holds;
        loop.After(Grace, () =>
        {
            timing = false;
            if (closed || !Holding)
                return;
            if (holds == mine)
                Guard(ToSpill);
            else
                Time();
        });
    }

    // Without room on the disk the process stays held back until its reader goes on.
    private void ToSpill()
    {
        if (!Holding || !spill.TryAppend(held.AsSpan(heldStart, heldEnd - heldStart)))
            return;
        heldStart = heldEnd = 0;
        if (!sourceEnded)
            reading.Interest = Readiness.Read;
    }

    // The reader can take more.
    private void Resume()
    {
        if (closed)
            return;
        while (!spill.IsEmpty)
        {
            var count = spill.Peek(Buffer);
            var written = target.Write(Buffer.AsSpan(0, count));
            spill.Advance(written);
            if (written < count)
                return;
        }
        if (Holding)
            heldStart += target.Write(held.AsSpan(heldStart, heldEnd - heldStart));
        if (Holding)
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
