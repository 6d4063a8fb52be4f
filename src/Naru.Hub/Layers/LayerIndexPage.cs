namespace Naru.Hub.Layers;

/// <summary>Where a page of an index is, and what it begins with.</summary>
/// <param name="Offset">In the file.</param>
internal sealed record LayerIndexPage(long Offset, int Length, int RawLength, int Entries, byte[] FirstKey)
{
    /// <summary>The entries of this page, from its bytes.</summary>
    public List<LayerEntry> Unpack(byte[] packed, int at)
    {
        var reader = new PackedReader(LayerIndexFormat.Unpack(packed, at, Length, RawLength));
        var entries = new List<LayerEntry>(Math.Min(Entries, RawLength));
        byte[] key = [];
        for (var i = 0; i < Entries; i++)
        {
            key = ReadKey(ref reader, key);
            var split = Array.IndexOf(key, (byte)0);
            if (split < 0)
                throw LayerIndexFormat.Damaged();
            entries.Add(LayerIndexFormat.Read(ref reader, key, split));
        }

        return entries;
    }

    /// <summary>The next key, from the one before it.</summary>
    public static byte[] ReadKey(ref PackedReader reader, byte[] before)
    {
        var shared = reader.Count();
        if (shared > before.Length)
            throw LayerIndexFormat.Damaged();
        return [.. before.AsSpan(0, shared), .. reader.Text()];
    }
}
