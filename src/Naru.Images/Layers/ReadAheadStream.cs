using System.Runtime.ExceptionServices;
using System.Security.Cryptography;

namespace Naru.Images;

/// <summary>Reads a stream on a thread of its own, a few buffers ahead, and hashes what passes: decompression overlaps with writing.</summary>
/// <remarks>Owns the inner stream. <see cref="Finish"/> reads to the end. Cancellation ends both threads with OperationCanceledException.</remarks>
internal sealed class ReadAheadStream : Stream
{
    private const int ChunkSize = 512 << 10;
    private const int Chunks = 6;

    private readonly Stream inner;
    private readonly CancellationToken cancellation;
    private readonly bool hashes;
    private readonly CancellationTokenRegistration registration;
    private readonly Thread thread;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    // One lock for both ends. Monitor.Wait sleeps at once: the threads of several layers have few cores, and none to spin on.
    private readonly object gate = new();
    private readonly Stack<byte[]> free = [];
    private readonly Queue<(byte[] Buffer, int Length)> full = [];
    private bool ended;
    private bool stopped;

    private ExceptionDispatchInfo? failure;
    private byte[]? current;
    private int offset;
    private int length;
    private long total;

    public ReadAheadStream(Stream inner, CancellationToken cancellation, bool hashes = true)
    {
        this.inner = inner;
        this.cancellation = cancellation;
        this.hashes = hashes;
        for (var i = 0; i < Chunks; i++)
            free.Push(new byte[ChunkSize]);
        thread = new Thread(Pump) { IsBackground = true, Name = "layer read-ahead" };
        thread.Start();
        registration = cancellation.Register(Stop);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => total; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        if (offset == length && !Advance())
            return 0;
        var count = Math.Min(buffer.Length, length - offset);
        current.AsSpan(offset, count).CopyTo(buffer);
        offset += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>The next bytes where they lie, up to <paramref name="most"/>; valid until the next read. Empty at the end.</summary>
    public ReadOnlySpan<byte> Take(int most)
    {
        if (offset == length && !Advance())
            return default;
        var count = Math.Min(most, length - offset);
        offset += count;
        return current.AsSpan(offset - count, count);
    }

    /// <summary>Reads what is left. sha256 (of nothing, where it was not asked for) and number of all bytes.</summary>
    public (byte[] Hash, long Total) Finish()
    {
        while (Advance())
        {
        }

        return (hash.GetHashAndReset(), total);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            registration.Dispose();
            Stop();
            thread.Join();
            inner.Dispose();
            hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Stop()
    {
        lock (gate)
        {
            stopped = true;
            Monitor.PulseAll(gate);
        }
    }

    private bool Advance()
    {
        lock (gate)
        {
            if (current is not null)
                free.Push(current);
            current = null;
            offset = length = 0;
            Monitor.PulseAll(gate);
            while (full.Count == 0 && !ended && !stopped)
                Monitor.Wait(gate);
            cancellation.ThrowIfCancellationRequested();
            if (!full.TryDequeue(out var chunk))
            {
                failure?.Throw();
                return false;
            }

            (current, length) = chunk;
        }

        // Hashed on this side: decompressing is the slower half, so the other thread has no time to spare.
        if (hashes)
            hash.AppendData(current, 0, length);
        total += length;
        return true;
    }

    private void Pump()
    {
        try
        {
            while (TakeFree() is { } buffer)
            {
                var read = inner.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
                if (read == 0)
                    break;
                Give(() => full.Enqueue((buffer, read)));
            }
        }
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }

        Give(() => ended = true);
    }

    /// <summary>An empty buffer once there is one; null when the reader has gone.</summary>
    private byte[]? TakeFree()
    {
        lock (gate)
        {
            while (free.Count == 0 && !stopped)
                Monitor.Wait(gate);
            return stopped ? null : free.Pop();
        }
    }

    private void Give(Action what)
    {
        lock (gate)
        {
            what();
            Monitor.PulseAll(gate);
        }
    }
}
