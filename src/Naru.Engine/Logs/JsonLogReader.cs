using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Naru.Engine.Logs;

/// <summary>Reads a json-file log, oldest file first; follows it over rotations without polling.</summary>
public sealed class JsonLogReader(JsonLogFile log)
{
    private const int Chunk = 64 * 1024;

    /// <summary>The entries asked for, in the order they were written. Torn lines are left out.</summary>
    public async IAsyncEnumerable<LogEntry> Read(LogQuery query, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (current, generation, _) = log.Open();
        try
        {
            var end = current is null ? 0 : RandomAccess.GetLength(current);
            foreach (var entry in Past(query, current, end))
            {
                if (entry.Time > query.Until)
                    yield break;
                yield return entry;
            }

            if (!query.Follow)
                yield break;
            var lines = new LineBuffer();
            var offset = end;
            var buffer = new byte[Chunk];
            while (true)
            {
                var changed = log.Changed;
                var state = (log.Generation, log.Ended);
                int count;
                while (current is not null && (count = RandomAccess.Read(current, buffer, offset)) > 0)
                {
                    offset += count;
                    lines.Add(buffer.AsSpan(0, count));
                    while (lines.TryTake(out var line))
                    {
                        if (!LogLineFormat.TryParse(line.Span, out var entry) || !Wanted(query, entry))
                            continue;
                        if (entry.Time > query.Until)
                            yield break;
                        yield return entry;
                    }
                }

                if (state.Generation != generation || current is null)
                {
                    var missed = OpenNext(ref current, ref generation);
                    offset = 0;
                    if (missed > 0)
                        yield return new LogEntry(LogSource.Stderr, DateTime.UtcNow, System.Text.Encoding.UTF8.GetBytes($"[naru: {missed} rotated log file(s) were removed before they could be read]\n"));
                    if (current is not null)
                        continue;
                }

                if (state.Ended)
                    yield break;
                using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                if (query.Until is { } until)
                {
                    var left = until - DateTime.UtcNow;
                    if (left <= TimeSpan.Zero)
                        yield break;
                    if (left < TimeSpan.FromDays(40))
                        wait.CancelAfter(left);
                }

                try
                {
                    await changed.WaitAsync(wait.Token);
                }
                catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
                {
                    yield break;
                }
            }
        }
        finally
        {
            current?.Dispose();
        }
    }

    /// <summary>Goes to the file after the one just read to its end. Gives how many files are gone between the two.</summary>
    private int OpenNext(ref SafeFileHandle? current, ref int generation)
    {
        var first = current is null;
        current?.Dispose();
        current = null;
        var (newest, now, _) = log.Open();
        if (first)
        {
            current = newest;
            generation = now;
            return 0;
        }

        var wanted = generation + 1;
        var missed = 0;
        for (; wanted < now; wanted++)
        {
            if (log.OpenRotated(now - wanted) is { } older)
            {
                newest?.Dispose();
                current = older;
                generation = wanted;
                return missed;
            }

            missed++;
        }

        current = newest;
        generation = now;
        return missed;
    }

    /// <summary>What is on disk already, up to <paramref name="end"/> of the newest file.</summary>
    private IEnumerable<LogEntry> Past(LogQuery query, SafeFileHandle? current, long end)
    {
        if (query.Tail == 0)
            return [];
        if (query.Tail < 0)
            return Files(current, end).SelectMany(file => Entries(file.Handle, file.End)).Where(entry => Wanted(query, entry));
        // Counted in whole lines, from the end: the files before are opened only while lines are missing.
        var kept = new LinkedList<LogEntry>();
        if (current is not null && !Fill(kept, query, EntriesBackwards(current, end)))
            return kept;
        for (var number = 1; number < log.MaxFiles; number++)
        {
            using var older = log.OpenRotated(number);
            if (older is not null && !Fill(kept, query, EntriesBackwards(older, RandomAccess.GetLength(older))))
                break;
        }

        return kept;
    }

    /// <summary>Puts entries before those that are kept; false when there are enough, or the rest is too old.</summary>
    private static bool Fill(LinkedList<LogEntry> kept, LogQuery query, IEnumerable<LogEntry> backwards)
    {
        foreach (var entry in backwards)
        {
            if (entry.Time < query.Since)
                return false;
            if (!Wanted(query, entry))
                continue;
            kept.AddFirst(entry);
            if (kept.Count >= query.Tail)
                return false;
        }

        return true;
    }

    private IEnumerable<(SafeFileHandle Handle, long End)> Files(SafeFileHandle? current, long end)
    {
        for (var number = log.MaxFiles - 1; number > 0; number--)
        {
            using var older = log.OpenRotated(number);
            if (older is not null)
                yield return (older, RandomAccess.GetLength(older));
        }

        if (current is not null)
            yield return (current, end);
    }

    private static IEnumerable<LogEntry> Entries(SafeFileHandle handle, long end)
    {
        var lines = new LineBuffer();
        var buffer = new byte[Chunk];
        long offset = 0;
        while (offset < end)
        {
            var count = RandomAccess.Read(handle, buffer.AsSpan(0, (int)Math.Min(Chunk, end - offset)), offset);
            if (count == 0)
                yield break;
            offset += count;
            lines.Add(buffer.AsSpan(0, count));
            while (lines.TryTake(out var line))
            {
                if (LogLineFormat.TryParse(line.Span, out var entry))
                    yield return entry;
            }
        }
    }

    private static IEnumerable<LogEntry> EntriesBackwards(SafeFileHandle handle, long end)
    {
        byte[] rest = [];
        var offset = end;
        while (offset > 0)
        {
            var count = (int)Math.Min(Chunk, offset);
            offset -= count;
            var block = new byte[count + rest.Length];
            RandomAccess.Read(handle, block.AsSpan(0, count), offset);
            rest.CopyTo(block, count);
            var stop = block.Length;
            while (stop > 0)
            {
                var start = block.AsSpan(0, stop - 1).LastIndexOf((byte)'\n') + 1;
                if (start == 0 && offset > 0)
                    break;
                if (LogLineFormat.TryParse(block.AsSpan(start, stop - start), out var entry))
                    yield return entry;
                stop = start;
            }

            rest = block[..stop];
        }
    }

    private static bool Wanted(LogQuery query, in LogEntry entry) =>
        (entry.Source == LogSource.Stderr ? query.Stderr : query.Stdout) && !(entry.Time < query.Since);
}
