using Naru.Base;
using Naru.Engine.Logs;
using Naru.Linux;

namespace Naru.Engine.Streams;

/// <summary>The engine's side of one process's stdio: named pipes that the shim holds too, so that neither side's death loses bytes or ends the process.</summary>
/// <remarks>
/// Made before the task, opened for reading at once; one thread a process reads both outputs, logs first, then hands out to the attached.
/// <code>
/// FOLDER/NAME-stdin   only where the process has a stdin
/// FOLDER/NAME-stdout
/// FOLDER/NAME-stderr  not for a terminal
/// </code>
/// </remarks>
public sealed class ProcessStreams
{
    private const int BufferSize = 64 * 1024;

    private readonly string folder;
    private readonly JsonLogFile? log;
    private readonly Lock gate = new();
    private readonly List<OutputSink> sinks = [];
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource stdinReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim writing = new(1, 1);
    private Fifo? stdout, stderr;
    private Fifo? stdinWriter;
    private bool running;
    private bool ended;
    private bool stdinClosed;

    public ProcessStreams(string folder, string name, bool stdin, bool terminal, JsonLogFile? log)
    {
        this.folder = folder;
        this.log = log;
        Terminal = terminal;
        StdinPath = stdin ? Path.Combine(folder, name + "-stdin") : "";
        StdoutPath = Path.Combine(folder, name + "-stdout");
        StderrPath = terminal ? "" : Path.Combine(folder, name + "-stderr");
    }

    public bool Terminal { get; }

    public string StdinPath { get; }

    public string StdoutPath { get; }

    public string StderrPath { get; }

    /// <summary>Completes when both outputs have ended and all is in the log.</summary>
    public Task Drained => drained.Task;

    /// <summary>Completes when stdin can be written to: the shim has its end, or none will come.</summary>
    public Task StdinReady => stdinReady.Task;

    /// <summary>Makes the pipes and opens the reading ends. Also after an engine's restart, when the pipes are there.</summary>
    public void Open()
    {
        Directory.CreateDirectory(folder);
        foreach (var path in (string[])[StdinPath, StdoutPath, StderrPath])
        {
            if (path.Length > 0)
                Fifo.Make(path);
        }

        stdout = Fifo.OpenRead(StdoutPath);
        stderr = StderrPath.Length > 0 ? Fifo.OpenRead(StderrPath) : null;
    }

    /// <summary>Begins to read.</summary>
    public void Run()
    {
        running = true;
        log?.Begin();
        new Thread(Pump, 256 * 1024) { IsBackground = true, Name = "output" }.Start();
    }

    /// <summary>Adds a listener; from now on it gets all output.</summary>
    public OutputSink Attach()
    {
        var sink = new OutputSink();
        lock (gate)
        {
            if (ended)
                sink.End();
            else
                sinks.Add(sink);
        }

        return sink;
    }

    public void Detach(OutputSink sink)
    {
        lock (gate)
            sinks.Remove(sink);
        sink.Took(int.MaxValue);
    }

    /// <summary>Writes to the process's stdin; waits while its pipe is full.</summary>
    /// <returns>False when nobody reads it any more.</returns>
    public async Task<bool> WriteStdin(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        await writing.WaitAsync(cancel);
        try
        {
            if (stdinClosed)
                return false;
            // The shim opens its end when the process starts.
            while ((stdinWriter ??= Fifo.TryOpenWrite(StdinPath)) is null)
            {
                if (stdinClosed || ended || !File.Exists(StdinPath))
                    return false;
                await Task.Delay(5, cancel);
            }
            while (!bytes.IsEmpty)
            {
                var count = stdinWriter!.Write(bytes.Span);
                bytes = bytes[count..];
                if (count == 0)
                {
                    var writer = stdinWriter;
                    while (!await Task.Run(() => writer.WaitWritable(500), cancel))
                        cancel.ThrowIfCancellationRequested();
                }
            }

            return true;
        }
        catch (LinuxException)
        {
            return false;
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Opens the writing end while the shim has the reading one, so that stdin does not end before somebody attaches.</summary>
    public void HoldStdin()
    {
        if (StdinPath.Length > 0)
            stdinWriter ??= Fifo.TryOpenWrite(StdinPath);
        stdinReady.TrySetResult();
    }

    /// <summary>Closes our end: the process reads the end of its input once the shim's is closed too.</summary>
    public void CloseStdin()
    {
        stdinClosed = true;
        stdinWriter?.Dispose();
        stdinWriter = null;
    }

    /// <summary>Ends the reading although no writer ever came (a start that failed) or one stays (a grandchild that holds the pipe).</summary>
    public void Abandon()
    {
        if (!running)
        {
            stdout?.Dispose();
            stderr?.Dispose();
            Finish();
            return;
        }

        foreach (var path in (string[])[StdoutPath, StderrPath])
        {
            if (path.Length > 0)
                Fifo.TryOpenWrite(path)?.Dispose();
        }
    }

    /// <summary>Removes the pipes.</summary>
    public void Remove()
    {
        CloseStdin();
        foreach (var path in (string[])[StdinPath, StdoutPath, StderrPath])
        {
            // The whole folder may be gone: the container is being removed.
            if (path.Length > 0 && Directory.Exists(folder))
                File.Delete(path);
        }
    }

    private void Pump()
    {
        Fifo?[] readers = [stdout, stderr];
        var ready = new bool[2];
        var buffer = new byte[BufferSize];
        try
        {
            while (readers[0] is not null || readers[1] is not null)
            {
                if (!Fifo.WaitReadable(readers, ready, log is { HasPartial: true } ? 100 : -1))
                {
                    log!.Flush(DateTime.UtcNow);
                    continue;
                }

                for (var index = 0; index < 2; index++)
                {
                    if (!ready[index] || readers[index] is not { } reader)
                        continue;
                    var count = reader.Read(buffer);
                    if (count == 0)
                    {
                        reader.Dispose();
                        readers[index] = null;
                    }
                    else if (count > 0)
                    {
                        HandOut(index == 0 ? LogSource.Stdout : LogSource.Stderr, buffer.AsSpan(0, count));
                    }
                }
            }
        }
        catch (IOException e)
        {
            Log.Error($"output of {folder}: {e.Message}");
        }
        finally
        {
            readers[0]?.Dispose();
            readers[1]?.Dispose();
            Finish();
        }
    }

    private void HandOut(LogSource source, ReadOnlySpan<byte> bytes)
    {
        OutputSink[] listeners;
        lock (gate)
        {
            try
            {
                log?.Write(source, bytes, DateTime.UtcNow);
            }
            catch (IOException e)
            {
                Log.Error($"log of {folder}: {e.Message}");
            }

            listeners = sinks.Count == 0 ? [] : [.. sinks];
        }

        foreach (var sink in listeners)
        {
            if (sink.Push(source, bytes))
                continue;
            lock (gate)
                sinks.Remove(sink);
        }
    }

    private void Finish()
    {
        lock (gate)
        {
            ended = true;
            try
            {
                if (running)
                    log?.End();
            }
            catch (IOException e)
            {
                Log.Error($"log of {folder}: {e.Message}");
            }

            foreach (var sink in sinks)
                sink.End();
            sinks.Clear();
        }

        stdinReady.TrySetResult();
        drained.TrySetResult();
    }
}
