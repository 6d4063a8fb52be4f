using Naru.Images;

namespace Naru.Hub.Layers;

/// <summary>Writes an index: <see cref="LayerIndexFormat"/>.</summary>
internal sealed class LayerIndexPacker
{
    private readonly List<byte[]> pages = [];
    private readonly PackedWriter directory = new();
    private readonly PackedWriter page = new();
    private byte[] first = [];
    private byte[] last = [];
    private byte[] firstBefore = [];
    private int inPage;
    private int entries;
    private long pagesLength;

    /// <summary>Takes the next entry, in the order of their keys.</summary>
    public void Add(LayerEntry entry)
    {
        if (inPage == 0)
            (first, last) = (entry.Key, []);
        Key(page, last, entry.Key);
        LayerIndexFormat.Write(page, entry);
        last = entry.Key;
        inPage++;
        entries++;
        if (page.Length >= LayerIndexFormat.PageSize)
            EndPage();
    }

    /// <summary>The parts of the file, in order.</summary>
    public List<byte[]> Finish(LayerCheckpoints checkpoints, CompressionKind compression, long size, long rawSize)
    {
        EndPage();
        var table = checkpoints.Table();
        var (packedDirectory, packedTable) = (LayerIndexFormat.Pack(directory.Written), LayerIndexFormat.Pack(table));
        var header = new LayerIndexHeader(compression, entries, pages.Count, checkpoints.Count, size, rawSize,
            packedDirectory.Length, directory.Length, packedTable.Length, table.Length, pagesLength);
        return [LayerIndexFormat.Header(header), packedDirectory, packedTable, .. pages, .. checkpoints.Windows()];
    }

    private void EndPage()
    {
        if (inPage == 0)
            return;
        var packed = LayerIndexFormat.Pack(page.Written);
        directory.Number(packed.Length);
        directory.Number(page.Length);
        directory.Number(inPage);
        Key(directory, firstBefore, first);
        pages.Add(packed);
        pagesLength += packed.Length;
        firstBefore = first;
        inPage = 0;
        page.Clear();
    }

    private static void Key(PackedWriter writer, ReadOnlySpan<byte> before, ReadOnlySpan<byte> key)
    {
        var shared = before.CommonPrefixLength(key);
        writer.Number(shared);
        writer.Text(key[shared..]);
    }
}
