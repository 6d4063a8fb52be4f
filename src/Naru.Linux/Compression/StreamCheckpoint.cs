namespace Naru.Linux;

/// <summary>A place inside compressed data from which it can be read without what is before.</summary>
/// <param name="Input">Bytes of compressed data before it: the first byte that is needed whole.</param>
/// <param name="Output">Bytes of uncompressed data before it.</param>
/// <param name="Bits">How many high bits of the byte before <paramref name="Input"/> are needed too, 0 to 7.</param>
/// <param name="Window">The uncompressed bytes before it, 32 kB at most, that what follows may copy from; null where a gzip member or a zstd frame begins.</param>
/// <param name="Block">For a place inside of a deflate block with the fixed code: the three bits that such a block begins with, 2 or, for a member's last block, 3; else 0.</param>
public sealed record StreamCheckpoint(long Input, long Output, int Bits, byte[]? Window, int Block = 0)
{
    /// <summary>Where to begin to read the compressed data.</summary>
    public long Start => Bits > 0 ? Input - 1 : Input;
}
