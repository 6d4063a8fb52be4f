using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Naru.Engine.Logs;

/// <summary>A container's json-file log: written by the one thread that reads the container's output, read by any number of readers.</summary>
/// <remarks>
/// <code>
/// DATA/containers/ID/ID-json.log      the newest
/// DATA/containers/ID/ID-json.log.1    the one before, up to max-file - 1
/// </code>
/// Every chunk of output is one write(2): a crash tears at most the last line. Lines longer than 16 KiB are split into entries without a newline.
/// </remarks>
public sealed class JsonLogFile : IDisposable
{
    private const int LongestLine = 16 * 1024;

    private readonly long maxSize;
    private readonly int maxFiles;
    private readonly ArrayBufferWriter<byte> output = new(64 * 1024);
    private readonly byte[][] partial = [[], [], []];
    private readonly int[] partialLength = new int[3];
    private readonly Lock gate = new();
    private SafeFileHandle? handle;
    private long size;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="maxSize">Bytes after which the file is rotated; 0 never.</param>
    /// <param name="maxFiles">How many files are kept in all, at least 1.</param>
    public JsonLogFile(string path, long maxSize, int maxFiles)
    {
        LogPath = path;
        this.maxSize = maxSize;
        this.maxFiles = Math.Max(1, maxFiles);
    }

    public string LogPath { get; }

    public int MaxFiles => maxFiles;

    /// <summary>How often the file was rotated since this object was made: readers compare it to know that theirs is an older one.</summary>
    public int Generation { get; private set; }

    /// <summary>True once the container has ended and nothing more will come (until the next start).</summary>
    public bool Ended { get; private set; } = true;

    /// <summary>Completes at the next write, rotation or end.</summary>
    public Task Changed
    {
        get
        {
            lock (gate)
                return changed.Task;
        }
    }

    public (SafeFileHandle? Handle, int Generation, bool Ended) Open()
    {
        lock (gate)
        {
            SafeFileHandle? reader = null;
            if (File.Exists(LogPath))
                reader = File.OpenHandle(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return (reader, Generation, Ended);
        }
    }

    /// <summary>Makes ready for a start: the file exists and ends with a whole line.</summary>
    public void Begin()
    {
        lock (gate)
        {
            OpenForWriting();
            Ended = false;
        }
    }

    /// <summary>Adds a chunk of output; lines without an end yet wait for it.</summary>
    public void Write(LogSource source, ReadOnlySpan<byte> bytes, DateTime time)
    {
        output.ResetWrittenCount();
        var index = (int)source;
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var room = LongestLine - partialLength[index];
            if (end < 0 && bytes.Length < room)
            {
                Keep(index, bytes);
                break;
            }

            var take = end >= 0 && end <= room ? end : room;
            var newline = end >= 0 && end <= room;
            if (partialLength[index] == 0)
            {
                LogLineFormat.Append(output, source, time, bytes[..take], newline);
            }
            else
            {
                Keep(index, bytes[..take]);
                LogLineFormat.Append(output, source, time, partial[index].AsSpan(0, partialLength[index]), newline);
                partialLength[index] = 0;
            }

            bytes = bytes[(take + (newline ? 1 : 0))..];
        }

        WriteOut();
    }

    /// <summary>Writes what still waits for its newline: the container has ended, or nothing more came for a while.</summary>
    public void Flush(DateTime time)
    {
        output.ResetWrittenCount();
        for (var index = 1; index < 3; index++)
        {
            if (partialLength[index] == 0)
                continue;
            LogLineFormat.Append(output, (LogSource)index, time, partial[index].AsSpan(0, partialLength[index]), newline: false);
            partialLength[index] = 0;
        }

        WriteOut();
    }

    /// <summary>Whether a line without its end is held back.</summary>
    public bool HasPartial => partialLength[1] + partialLength[2] > 0;

    /// <summary>Nothing more comes: followers end.</summary>
    public void End()
    {
        Flush(DateTime.UtcNow);
        lock (gate)
        {
            handle?.Dispose();
            handle = null;
            Ended = true;
            Announce();
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            handle?.Dispose();
            handle = null;
        }
    }

    private void Keep(int index, ReadOnlySpan<byte> bytes)
    {
        if (partial[index].Length == 0)
            partial[index] = new byte[LongestLine];
        bytes.CopyTo(partial[index].AsSpan(partialLength[index]));
        partialLength[index] += bytes.Length;
    }

    private void WriteOut()
    {
        if (output.WrittenCount == 0)
            return;
        lock (gate)
        {
            if (handle is null)
                OpenForWriting();
            if (maxSize > 0 && size >= maxSize)
                Rotate();
            RandomAccess.Write(handle!, output.WrittenSpan, size);
            size += output.WrittenCount;
            Announce();
        }
    }

    private void OpenForWriting()
    {
        if (handle is not null)
            return;
        handle = File.OpenHandle(LogPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        size = RandomAccess.GetLength(handle);
        // The half line of a crash gets its end, so that the next line is whole.
        Span<byte> last = stackalloc byte[1];
        if (size > 0 && RandomAccess.Read(handle, last, size - 1) == 1 && last[0] != (byte)'\n')
        {
            RandomAccess.Write(handle, "\n"u8, size);
            size++;
        }
    }

    private void Rotate()
    {
        handle!.Dispose();
        if (maxFiles == 1)
        {
            File.Delete(LogPath);
        }
        else
        {
            for (var number = maxFiles - 1; number > 1; number--)
            {
                if (File.Exists($"{LogPath}.{number - 1}"))
                    File.Move($"{LogPath}.{number - 1}", $"{LogPath}.{number}", overwrite: true);
            }

            File.Move(LogPath, $"{LogPath}.1", overwrite: true);
        }

        handle = null;
        Generation++;
        OpenForWriting();
    }

    private void Announce()
    {
        var old = changed;
        changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        old.TrySetResult();
    }
}
