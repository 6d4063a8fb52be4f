namespace Naru.Cli.Http2;

/// <summary>Bytes that came and were not read yet: a ring that grows as far as its stream's window lets it.</summary>
internal sealed class ByteQueue
{
    private byte[] ring = [];
    private int start;

    public int Count { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Count + bytes.Length > ring.Length)
            Grow(Count + bytes.Length);
        var at = (start + Count) % Math.Max(1, ring.Length);
        var first = Math.Min(bytes.Length, ring.Length - at);
        bytes[..first].CopyTo(ring.AsSpan(at));
        bytes[first..].CopyTo(ring);
        Count += bytes.Length;
    }

    /// <summary>Takes as much as there is and fits.</summary>
    public int Read(Span<byte> into)
    {
        var count = Math.Min(into.Length, Count);
        var first = Math.Min(count, ring.Length - start);
        ring.AsSpan(start, first).CopyTo(into);
        ring.AsSpan(0, count - first).CopyTo(into[first..]);
        Count -= count;
        start = Count == 0 ? 0 : (start + count) % ring.Length;
        return count;
    }

    private void Grow(int size)
    {
        var larger = new byte[Math.Max(4096, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)size))];
        var count = Count;
        Read(larger);
        (ring, start, Count) = (larger, 0, count);
    }
}
