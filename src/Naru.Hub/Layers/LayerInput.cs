using System.Diagnostics;
using Naru.Base;
using Naru.Images;
using Naru.Linux;

namespace Naru.Hub.Layers;

/// <summary>A layer's uncompressed bytes while it is indexed: counted, limited, read in large pieces.</summary>
internal sealed class LayerInput : ForwardStream
{
    private const int BufferSize = 128 << 10;

    private readonly Stream inner;
    private readonly Func<long> input;
    private readonly LayerIndexLimits limits;
    private readonly CancellationToken cancel;
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly byte[] buffer = new byte[BufferSize];
    private int start;
    private int end;
    private long total;

    /// <exception cref="NaruException">InvalidArgument: this is no layer.</exception>
    public LayerInput(Stream blob, LayerIndexLimits limits, LayerCheckpoints checkpoints, CancellationToken cancel)
    {
        this.limits = limits;
        this.cancel = cancel;
        var head = new byte[512];
        var length = blob.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var whole = new PrefixedStream(head.AsMemory(0, length), blob, leaveOpen: true);
        Compression = Compressions.Detect(head.AsSpan(0, length));
        switch (Compression)
        {
            case CompressionKind.Gzip:
                var gunzip = new GunzipStream(whole) { CheckpointDistance = checkpoints.Distance };
                gunzip.Checkpoint = checkpoint =>
                {
                    checkpoints.Add(checkpoint);
                    gunzip.CheckpointDistance = checkpoints.Distance;
                };
                (inner, input) = (gunzip, () => gunzip.Input);
                break;
            case CompressionKind.Zstd:
                var zstd = new ZstdStream(whole, System.IO.Compression.CompressionMode.Decompress) { FrameEnded = checkpoints.Add };
                (inner, input) = (zstd, () => zstd.Input);
                break;
            case CompressionKind.None when length == head.Length && (TarReader.IsHeader(head) || !head.AsSpan().ContainsAnyExcept((byte)0)):
                (inner, input) = (whole, () => total);
                break;
            case CompressionKind.None:
                throw NaruException.Invalid("no layer: neither a tar archive nor one compressed by gzip or zstd");
            default:
                throw NaruException.Invalid($"{Compression.ToString().ToLowerInvariant()} compression is not supported");
        }
    }

    public CompressionKind Compression { get; }

    /// <summary>How many uncompressed bytes there were so far.</summary>
    public long Total => total;

    /// <summary>The place of the next byte that is read.</summary>
    public override long Position { get => total - (end - start); set => throw new NotSupportedException(); }

    public override bool CanRead => true;

    public override bool CanWrite => false;

    /// <exception cref="NaruException">InvalidArgument: past a limit.</exception>
    /// <exception cref="InvalidDataException">Damaged, or cut off.</exception>
    public override int Read(Span<byte> destination)
    {
        if (start == end && !Fill())
            return 0;
        var count = Math.Min(destination.Length, end - start);
        buffer.AsSpan(start, count).CopyTo(destination);
        start += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private bool Fill()
    {
        cancel.ThrowIfCancellationRequested();
        (start, end) = (0, inner.Read(buffer));
        total += end;
        if (total > limits.Bytes)
            throw NaruException.Invalid($"more than {limits.Bytes} bytes uncompressed");
        if (total > limits.RatioFrom && total / limits.Ratio > input())
            throw NaruException.Invalid($"more than {limits.Ratio} times larger uncompressed");
        if (Stopwatch.GetElapsedTime(started) > limits.Time)
            throw NaruException.Invalid($"reading it took more than {limits.Time.TotalMinutes:0} minutes");
        return end > 0;
    }
}
