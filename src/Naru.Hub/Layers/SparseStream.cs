using Naru.Base;

namespace Naru.Hub.Layers;

/// <summary>Some bytes of a file with holes: zeros where it has none, else what is stored, one part behind the other.</summary>
/// <param name="parts">The parts that have data: where each is in the file, in order.</param>
/// <param name="read">Opens stored bytes: offset and length.</param>
internal sealed class SparseStream(
    IReadOnlyList<(long Offset, long Length)> parts, long offset, long length, Func<long, long, CancellationToken, ValueTask<Stream>> read) : ForwardStream
{
    private readonly long end = offset + length;
    private long at = offset;
    private int part;
    private long storedBefore;
    private Stream? stored;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override int Read(Span<byte> buffer)
    {
        while (part < parts.Count && parts[part].Offset + parts[part].Length <= at)
            storedBefore += parts[part++].Length;
        var most = (int)Math.Min(buffer.Length, end - at);
        if (most == 0)
            return 0;
        if (part == parts.Count || at < parts[part].Offset)
        {
            if (part < parts.Count)
                most = (int)Math.Min(most, parts[part].Offset - at);
            buffer[..most].Clear();
            at += most;
            return most;
        }

        // Opened once: from here on the stored bytes are read in their order.
        stored ??= read(storedBefore + at - parts[part].Offset, StoredToEnd(), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var count = stored.Read(buffer[..(int)Math.Min(most, parts[part].Offset + parts[part].Length - at)]);
        if (count == 0)
            throw new InvalidDataException("layer: unexpected end of data");
        at += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Read(buffer.Span));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stored?.Dispose();
        base.Dispose(disposing);
    }

    private long StoredToEnd()
    {
        long count = 0;
        for (var i = part; i < parts.Count && parts[i].Offset < end; i++)
            count += Math.Min(end, parts[i].Offset + parts[i].Length) - Math.Max(at, parts[i].Offset);
        return count;
    }
}
