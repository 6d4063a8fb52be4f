using System.Buffers;
using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using Naru.Base;

namespace Naru.Engine.Logs;

/// <summary>A container's json-file log: written by the one thread that reads the container's output, read by any number of readers.</summary>
/// <remarks>
/// <code>
/// DATA/containers/ID/ID-json.log      the newest
/// DATA/containers/ID/ID-json.log.1    the one before, up to max-file - 1; .gz when they are compressed
/// </code>
/// Every chunk of output is one write(2): a crash tears at most the last line. Lines longer than 16 KiB are split into entries without a newline.
/// </remarks>
public sealed class JsonLogFile : IDisposable
{
    private const int LongestLine = 16 * 1024;

    private readonly long maxSize;
    private readonly int maxFiles;
    private readonly bool compress;
    private readonly byte[] attributes;
    private readonly ArrayBufferWriter<byte> output = new(64 * 1024);
    private readonly byte[][] partial = [[], [], []];
    private readonly int[] partialLength = new int[3];
    private readonly Lock gate = new();
    private SafeFileHandle? handle;
    private Task packing = Task.CompletedTask;
    private long size;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="extra">What goes with each line: labels, variables, a tag.</param>
    public JsonLogFile(string path, LogOptions options, SortedDictionary<string, string>? extra = null)
    {
        LogPath = path;
        maxSize = options.MaxSize;
        maxFiles = options.MaxFiles;
        compress = options.Compress;
        attributes = LogLineFormat.Attributes(extra ?? []);
        Details = string.Join(',', (extra ?? []).Select(one => $"{Uri.EscapeDataString(one.Key)}={Uri.EscapeDataString(one.Value)}"));
    }

    public string LogPath { get; }

    /// <summary>What <c>logs --details</c> puts before each line.</summary>
    public string Details { get; }

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
                LogLineFormat.Append(output, source, time, bytes[..take], newline, attributes);
            }
            else
            {
                Keep(index, bytes[..take]);
                LogLineFormat.Append(output, source, time, partial[index].AsSpan(0, partialLength[index]), newline, attributes);
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
            LogLineFormat.Append(output, (LogSource)index, time, partial[index].AsSpan(0, partialLength[index]), newline: false, attributes);
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
            for (var rest = output.WrittenSpan; !rest.IsEmpty;)
            {
                if (maxSize > 0 && size >= maxSize)
                    Rotate();
                var count = maxSize > 0 ? UpTo(rest, maxSize - size) : rest.Length;
                RandomAccess.Write(handle!, rest[..count], size);
                size += count;
                rest = rest[count..];
            }

            Announce();
        }
    }

    /// <summary>Whole lines: as many as fit, and the one that does not.</summary>
    private static int UpTo(ReadOnlySpan<byte> lines, long room)
    {
        if (lines.Length <= room)
            return lines.Length;
        var end = lines[(int)Math.Max(room - 1, 0)..].IndexOf((byte)'\n');
        return end < 0 ? lines.Length : (int)Math.Max(room - 1, 0) + end + 1;
    }

    /// <summary>A file that was rotated, 1 the newest of them; null when it is not there.</summary>
    public SafeFileHandle? OpenRotated(int number)
    {
        var plain = $"{LogPath}.{number}";
        // The compressed file is there before the plain one goes.
        return TryOpen(plain) ?? TryUnpack(plain);
    }

    private static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>A compressed file's content, in a file that goes when it is closed.</summary>
    private static SafeFileHandle? TryUnpack(string plain)
    {
        using var source = TryOpen(plain + ".gz");
        if (source is null)
            return null;
        using var packed = new GZipStream(new FileStream(source, FileAccess.Read), CompressionMode.Decompress);
        var unpacked = File.OpenHandle($"{plain}.{Guid.NewGuid():N}", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.DeleteOnClose);
        var buffer = new byte[64 * 1024];
        long offset = 0;
        for (int count; (count = packed.Read(buffer)) > 0; offset += count)
            RandomAccess.Write(unpacked, buffer.AsSpan(0, count), offset);
        return unpacked;
    }

    private void OpenForWriting()
    {
        if (handle is not null)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(LogPath)!);
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
            packing.Wait();
            for (var number = maxFiles - 1; number > 1; number--)
            {
                foreach (var kind in (string[])["", ".gz"])
                {
                    File.Delete($"{LogPath}.{number}{kind}");
                    if (File.Exists($"{LogPath}.{number - 1}{kind}"))
                        File.Move($"{LogPath}.{number - 1}{kind}", $"{LogPath}.{number}{kind}", overwrite: true);
                }
            }

            File.Move(LogPath, $"{LogPath}.1", overwrite: true);
            // The container's output does not wait for this, the next rotation does.
            if (compress)
                packing = Task.Run(() => Pack($"{LogPath}.1"));
        }

        handle = null;
        Generation++;
        OpenForWriting();
    }

    private static void Pack(string path)
    {
        try
        {
            using (var source = File.OpenRead(path))
            using (var target = new GZipStream(File.Create(path + ".part"), CompressionLevel.Fastest))
                source.CopyTo(target);
            File.Move(path + ".part", path + ".gz", overwrite: true);
            File.Delete(path);
        }
        catch (IOException e)
        {
            Log.Error($"{path}: not compressed: {e.Message}");
        }
    }

    private void Announce()
    {
        var old = changed;
        changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        old.TrySetResult();
    }
}
