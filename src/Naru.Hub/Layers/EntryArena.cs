using Naru.Base;

namespace Naru.Hub.Layers;

/// <summary>Memory for entries while an index is made: each as its name and what it is, packed, one behind the other. Two chunks of a megabyte hold some 30,000 files.</summary>
internal sealed class EntryArena(long limit)
{
    private const int ChunkBits = 20;
    private const int ChunkSize = 1 << ChunkBits;

    private readonly List<byte[]> chunks = [];
    private long other;
    private int used = ChunkSize;

    /// <summary>Counts memory that belongs to the entries but is not here.</summary>
    /// <exception cref="NaruException">InvalidArgument: too much.</exception>
    public void Account(long bytes)
    {
        other += bytes;
        if (((long)chunks.Count << ChunkBits) + other > limit)
            throw NaruException.Invalid($"too many files, or too long names: more than {limit >> 20} MiB of memory for them");
    }

    /// <summary>Keeps a record; its position, from which positions only grow.</summary>
    public int Add(ReadOnlySpan<byte> record)
    {
        if (record.Length > ChunkSize)
            throw NaruException.Invalid($"an entry of {record.Length} bytes of description");
        if (used + record.Length > ChunkSize)
        {
            chunks.Add(new byte[ChunkSize]);
            used = 0;
            Account(0);
        }

        record.CopyTo(chunks[^1].AsSpan(used));
        used += record.Length;
        return ((chunks.Count - 1) << ChunkBits) + used - record.Length;
    }

    public ReadOnlySpan<byte> Get(int position, int length) => chunks[position >> ChunkBits].AsSpan(position & (ChunkSize - 1), length);
}
