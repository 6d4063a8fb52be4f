namespace Naru.Shim.Io;

/// <summary>Carries a process's standard input from the client's FIFO to its pipe or terminal.</summary>
/// <remarks>The shim holds a writing end too, so that a client that goes and comes back is no end of input; <see cref="CloseInput"/> gives it up.</remarks>
internal sealed class InputPump
{
    private readonly Descriptor source;
    private readonly Descriptor target;
    private readonly Watch reading;
    private readonly Watch writing;
    private readonly bool terminal;
    private Descriptor? keeper;
    // Made with the first input.
    private byte[]? buffer;
    private int start, end;
    private bool closed;

    /// <param name="target">Owned: the pipe's writing end, or a duplicate of the terminal.</param>
    public InputPump(EventLoop loop, string fifo, Descriptor target, bool terminal)
    {
        (source, keeper) = Descriptor.OpenFifo(fifo);
        this.target = target;
        this.terminal = terminal;
        writing = loop.Add(target, Readiness.None, readiness => Guard(() => Drain(readiness)));
        reading = loop.Add(source, Readiness.Read, _ => Guard(Read));
    }

    /// <summary>The input ends when the clients' writing ends are closed too.</summary>
    public void CloseInput()
    {
        keeper?.Dispose();
        keeper = null;
    }

    public void Close()
    {
        if (closed)
            return;
        closed = true;
        reading.Dispose();
        writing.Dispose();
        keeper?.Dispose();
        source.Dispose();
        target.Dispose();
    }

    private void Read()
    {
        buffer ??= new byte[32 << 10];
        var count = source.Read(buffer);
        if (count < 0)
            return;
        if (count == 0)
        {
            // A terminal has no end of its own: the process sees what was typed, and nothing more.
            if (terminal)
                reading.Interest = Readiness.None;
            else
                Close();
            return;
        }
        (start, end) = (0, count);
        Drain(Readiness.Write);
    }

    private void Drain(Readiness readiness)
    {
        if (closed)
            return;
        start += target.Write(buffer.AsSpan(start, end - start));
        var full = start < end;
        writing.Interest = full ? Readiness.Write : Readiness.None;
        reading.Interest = full ? Readiness.None : Readiness.Read;
        if (full && (readiness & (Readiness.Error | Readiness.HangUp)) != 0)
            Close();
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (LinuxException failure)
        {
            ShimLog.Debug($"standard input: {failure.Message}");
            Close();
        }
    }
}
