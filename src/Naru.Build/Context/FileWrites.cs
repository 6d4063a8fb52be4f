using System.Runtime.ExceptionServices;
using Naru.Linux;

namespace Naru.Build.Context;

/// <summary>Puts the contents of files into a folder in the order in which they come; from a certain amount on a thread of its own, while the next ones are received and hashed.</summary>
/// <remarks>One caller. What fails is thrown by the next call; nothing is written after that.</remarks>
internal sealed class FileWrites(string tree) : IDisposable
{
    /// <summary>So much is written before a thread is worth its start; a file counts as <see cref="FileCost"/> bytes more.</summary>
    private const long Few = 256 << 10;
    private const long FileCost = 4 << 10;

    /// <summary>Bytes that may wait.</summary>
    private const long Most = 16 << 20;

    private readonly TreeWriter writer = new(tree);
    private readonly object gate = new();
    private readonly Queue<(ReceivedFile File, ReadOnlyMemory<byte> Content)> waiting = new();
    private readonly HashSet<ReceivedFile> open = [];
    private Thread? thread;
    private ExceptionDispatchInfo? failure;
    private long total;
    private long held;
    private bool ended;
    private bool disposed;

    /// <summary>The next part of a file; an empty one ends it.</summary>
    /// <param name="content">Nobody changes it.</param>
    /// <exception cref="LinuxException">Of this or of what came before.</exception>
    public void Add(ReceivedFile file, ReadOnlyMemory<byte> content)
    {
        total += content.Length + FileCost;
        if (thread is null && total < Few)
        {
            Write(file, content);
            return;
        }

        if (thread is null)
        {
            thread = new Thread(Run) { IsBackground = true, Name = "context files" };
            thread.Start();
        }

        lock (gate)
        {
            while (held >= Most && failure is null)
                Monitor.Wait(gate);
            failure?.Throw();
            held += content.Length + FileCost;
            waiting.Enqueue((file, content));
            if (waiting.Count == 1)
                Monitor.PulseAll(gate);
        }
    }

    /// <summary>Waits until all is written.</summary>
    /// <exception cref="LinuxException">As of <see cref="Add"/>.</exception>
    public void Finish()
    {
        Stop(drop: false);
        failure?.Throw();
    }

    /// <summary>Forgets what waits; files that were begun stay as they are.</summary>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        Stop(drop: true);
        foreach (var file in open)
            file.Handle!.Dispose();
        writer.Dispose();
    }

    private void Stop(bool drop)
    {
        lock (gate)
        {
            ended = true;
            if (drop)
                waiting.Clear();
            Monitor.PulseAll(gate);
        }

        thread?.Join();
    }

    private void Run()
    {
        try
        {
            while (Next() is var (file, content) && file is not null)
            {
                Write(file, content);
                lock (gate)
                {
                    // Half of it, and not each piece: to wake somebody takes as long as to write a file.
                    held -= content.Length + FileCost;
                    if (held + content.Length + FileCost >= Most / 2 && held < Most / 2)
                        Monitor.PulseAll(gate);
                }
            }
        }
        catch (Exception e)
        {
            lock (gate)
            {
                failure = ExceptionDispatchInfo.Capture(e);
                waiting.Clear();
                Monitor.PulseAll(gate);
            }
        }
    }

    private (ReceivedFile? File, ReadOnlyMemory<byte> Content) Next()
    {
        lock (gate)
        {
            while (waiting.Count == 0 && !ended)
                Monitor.Wait(gate);
            return waiting.TryDequeue(out var next) ? next : default;
        }
    }

    private void Write(ReceivedFile file, ReadOnlyMemory<byte> content)
    {
        var entry = file.Entry;
        if (file.Handle is null)
        {
            file.Handle = writer.Create(entry.Path, entry.Metadata.Mode);
            open.Add(file);
        }

        if (!content.IsEmpty)
        {
            TreeWriter.Append(file.Handle, content.Span, entry.Path);
            return;
        }

        open.Remove(file);
        TreeWriter.Finish(file.Handle, entry.Metadata, entry.Xattrs, entry.Path);
        entry.Digest = file.Digest;
    }
}
