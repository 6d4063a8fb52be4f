using Naru.Base;
using Naru.Hub.Storage;
using Naru.Linux;

namespace Naru.Hub.Layers;

/// <summary>An index that is open: its directory is in memory, its pages are read as they are needed, the last few are kept. Several may read at once.</summary>
internal sealed class LayerIndex
{
    /// <summary>Read at once when it is opened: most indexes' directory is within.</summary>
    private const int FirstRead = 32 << 10;

    private const int KeptPages = 2;

    private readonly IBlobStorage storage;
    private readonly string key;
    private readonly List<LayerIndexPage> pages = [];
    private readonly List<LayerPlace> places = [];

    // The most recent last.
    private readonly List<(int Page, List<LayerEntry> Entries)> kept = [];

    private LayerIndex(IBlobStorage storage, string key, LayerIndexHeader header)
    {
        (this.storage, this.key, Header) = (storage, key, header);
    }

    public LayerIndexHeader Header { get; }

    /// <exception cref="NaruException">Internal: damaged, or of another version. NotFound: no such object.</exception>
    public static async ValueTask<LayerIndex> Open(IBlobStorage storage, string key, CancellationToken cancel)
    {
        var start = await ReadPart(storage, key, 0, FirstRead, exact: false, cancel);
        var header = LayerIndexFormat.Header(start);
        if (header.Directory < 0 || header.Table < 0 || (long)header.Directory + header.Table > LayerIndexFormat.MostRaw)
            throw LayerIndexFormat.Damaged();
        var pagesStart = LayerIndexFormat.HeaderSize + header.Directory + header.Table;
        if (start.Length < pagesStart)
            start = [.. start, .. await ReadPart(storage, key, start.Length, pagesStart - start.Length, exact: true, cancel)];
        var index = new LayerIndex(storage, key, header);
        index.ReadDirectory(LayerIndexFormat.Unpack(start, LayerIndexFormat.HeaderSize, header.Directory, header.DirectoryRaw), pagesStart);
        index.ReadTable(LayerIndexFormat.Unpack(start, LayerIndexFormat.HeaderSize + header.Directory, header.Table, header.TableRaw), pagesStart + header.PagesLength);
        return index;
    }

    /// <summary>The entry of a path, or null. The root is found by an empty folder and an empty name.</summary>
    public async ValueTask<LayerEntry?> Find(byte[] folder, byte[] name, CancellationToken cancel)
    {
        var wanted = LayerEntry.KeyOf(folder, name);
        var entries = await Page(PageOf(wanted), cancel);
        var (low, high) = (0, entries.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = entries[middle].Key.AsSpan().SequenceCompareTo(wanted);
            if (order == 0)
                return entries[middle];
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    /// <summary>What is in a folder, whiteouts too, sorted by the bytes of their names: those behind <paramref name="after"/>, so many at most.</summary>
    public async ValueTask<List<LayerEntry>> Children(byte[] folder, byte[]? after, int limit, CancellationToken cancel)
    {
        var from = LayerEntry.KeyOf(folder, after ?? []);
        var prefix = LayerEntry.KeyOf(folder, []);
        var found = new List<LayerEntry>();
        for (var page = PageOf(from); page < pages.Count; page++)
        {
            foreach (var entry in await Page(page, cancel))
            {
                // The root is in itself by its key, and has no name.
                if (entry.Key.AsSpan().SequenceCompareTo(from) <= 0)
                    continue;
                if (!entry.Key.AsSpan().StartsWith(prefix) || found.Count == limit)
                    return found;
                found.Add(entry);
            }
        }

        return found;
    }

    /// <summary>The entries of some pages from <paramref name="first"/> on, in one read, without keeping them. Empty behind the last.</summary>
    public async ValueTask<List<LayerEntry>> Pages(int first, int count, CancellationToken cancel)
    {
        var last = Math.Min(first + count, pages.Count) - 1;
        if (last < first)
            return [];
        var start = pages[first].Offset;
        var bytes = await ReadPart(storage, key, start, checked((int)(pages[last].Offset + pages[last].Length - start)), exact: true, cancel);
        var entries = new List<LayerEntry>();
        for (var page = first; page <= last; page++)
            entries.AddRange(pages[page].Unpack(bytes, (int)(pages[page].Offset - start)));
        return entries;
    }

    /// <summary>The last place from which the uncompressed byte at <paramref name="output"/> can be reached; null for the start of the layer.</summary>
    public async ValueTask<StreamCheckpoint?> PlaceBefore(long output, CancellationToken cancel)
    {
        var found = Search(output);
        if (found < 0)
            return null;
        var place = places[found];
        byte[]? window = null;
        if (place.WindowLength > 0)
        {
            var packed = await ReadPart(storage, key, place.WindowOffset, place.WindowLength, exact: true, cancel);
            window = LayerIndexFormat.Unpack(packed, 0, packed.Length, place.WindowRaw);
        }

        return new StreamCheckpoint(place.Input, place.Output, place.Bits, window, place.Block);
    }

    /// <summary>How much of the layer is needed to reach the uncompressed byte before <paramref name="output"/>.</summary>
    public long InputUpTo(long output)
    {
        var next = Search(output - 1) + 1;
        return next < places.Count ? Math.Min(places[next].Input, Header.LayerSize) : Header.LayerSize;
    }

    private int Search(long output)
    {
        var (low, high) = (0, places.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            (low, high) = places[middle].Output <= output ? (middle + 1, high) : (low, middle - 1);
        }

        return high;
    }

    /// <summary>The page that has this key, if any has.</summary>
    private int PageOf(byte[] wanted)
    {
        var (low, high) = (0, pages.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            (low, high) = pages[middle].FirstKey.AsSpan().SequenceCompareTo(wanted) <= 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return Math.Max(0, high);
    }

    private async ValueTask<List<LayerEntry>> Page(int page, CancellationToken cancel)
    {
        lock (kept)
        {
            var at = kept.FindIndex(entry => entry.Page == page);
            if (at >= 0)
            {
                var entry = kept[at];
                kept.RemoveAt(at);
                kept.Add(entry);
                return entry.Entries;
            }
        }

        var entries = await Pages(page, 1, cancel);
        lock (kept)
        {
            if (kept.Count == KeptPages)
                kept.RemoveAt(0);
            kept.Add((page, entries));
        }

        return entries;
    }

    private void ReadDirectory(byte[] raw, long offset)
    {
        var reader = new PackedReader(raw);
        byte[] first = [];
        while (!reader.AtEnd)
        {
            var (length, rawLength, entries) = (reader.Count(), reader.Count(), reader.Count());
            first = LayerIndexPage.ReadKey(ref reader, first);
            pages.Add(new LayerIndexPage(offset, length, rawLength, entries, first));
            offset += length;
        }

        if (pages.Count != Header.Pages || pages.Count == 0)
            throw LayerIndexFormat.Damaged();
    }

    private void ReadTable(byte[] raw, long offset)
    {
        var reader = new PackedReader(raw);
        long input = 0, output = 0;
        while (!reader.AtEnd)
        {
            input += reader.Number();
            output += reader.Number();
            var (bits, length, rawLength) = (reader.Byte(), reader.Count(), reader.Count());
            places.Add(new LayerPlace(input, output, bits & 7, bits >> 3, offset, length, rawLength));
            offset += length;
        }

        if (places.Count != Header.Checkpoints)
            throw LayerIndexFormat.Damaged();
    }

    private static async ValueTask<byte[]> ReadPart(IBlobStorage storage, string key, long offset, int length, bool exact, CancellationToken cancel)
    {
        await using var stream = await storage.Read(key, offset, length, cancel);
        var bytes = new byte[length];
        var read = await stream.ReadAtLeastAsync(bytes, length, throwOnEndOfStream: false, cancel);
        if (read == length)
            return bytes;
        return exact ? throw LayerIndexFormat.Damaged() : bytes[..read];
    }
}
