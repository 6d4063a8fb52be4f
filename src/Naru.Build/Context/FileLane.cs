using System.Runtime.ExceptionServices;
using Naru.Linux;

namespace Naru.Build.Context;

/// <summary>Writes files' contents into a folder in the order in which they come, at once or on a thread of its own.</summary>
/// <remarks>One caller. What fails is thrown by the next call; nothing is written after that.</remarks>
internal sealed class FileLane(string tree) : IDisposable
{
    /// <summary>Bytes that may wait.</summary>
    private const long Most = 8 << 20;

    /// <summary>What a file takes beside its bytes.</summary>
    public const int FileCost = 4 << 10;

    private readonly TreeWriter writer = new(tree);
    private readonly object gate = new();
    private readonly Queue<(ReceivedFile File, ReadOnlyMemory<byte> Content)> waiting = new();
    private readonly HashSet<ReceivedFile> open = [];
    private Thread? thread;
    private ExceptionDispatchInfo? failure;
    private long held;
    private bool ended;
    private bool disposed;

    /// <summary>Has the next part of a file written later; an empty one ends it.</summary>
    /// <exception cref="LinuxException">Of what came before.</exception>
    public void Add(ReceivedFile file, ReadOnlyMemory<byte> content)
    {
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

    /// <summary>Writes it at once; not after <see cref="Add"/>.</summary>
    /// <exception cref="LinuxException"/>
    public void Write(ReceivedFile file, ReadOnlyMemory<byte> content)
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
}
