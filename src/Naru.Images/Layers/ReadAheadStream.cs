using System.Collections.Concurrent;
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
    private readonly BlockingCollection<byte[]> free = [];
    private readonly BlockingCollection<(byte[] Buffer, int Length)> full = [];
    private readonly CancellationTokenSource stop;
    private readonly Thread thread;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ExceptionDispatchInfo? failure;
    private byte[]? current;
    private int offset;
    private int length;
    private long total;

    public ReadAheadStream(Stream inner, CancellationToken cancellation)
    {
        this.inner = inner;
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        for (var i = 0; i < Chunks; i++)
            free.Add(new byte[ChunkSize], CancellationToken.None);
        thread = new Thread(Pump) { IsBackground = true, Name = "layer read-ahead" };
        thread.Start();
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

    /// <summary>Reads what is left. sha256 and number of all bytes.</summary>
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
            stop.Cancel();
            thread.Join();
            inner.Dispose();
            hash.Dispose();
            free.Dispose();
            full.Dispose();
            stop.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Advance()
    {
        if (current is not null)
            free.Add(current, CancellationToken.None);
        current = null;
        offset = length = 0;
        if (!full.TryTake(out var chunk, Timeout.Infinite, stop.Token))
        {
            failure?.Throw();
            return false;
        }

        (current, length) = chunk;
        // Hashed on this side: decompressing is the slower half, so the other thread has no time to spare.
        hash.AppendData(current, 0, length);
        total += length;
        return true;
    }

    private void Pump()
    {
        try
        {
            while (true)
            {
                var buffer = free.Take(stop.Token);
                var read = inner.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
                if (read == 0)
                    break;
                full.Add((buffer, read), stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The reader has gone.
        }
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }

        full.CompleteAdding();
    }
}
