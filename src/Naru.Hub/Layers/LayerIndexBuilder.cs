using System.Text;
using Naru.Base;

namespace Naru.Hub.Layers;

/// <summary>Takes a layer's entries in their order and gives them sorted, each path once, with folders that know what is below them.</summary>
internal sealed class LayerIndexBuilder
{
    private readonly LayerIndexLimits limits;
    private readonly EntryArena arena;
    private readonly LayerFolders folders;
    private readonly PackedWriter record = new();
    private readonly List<Row> rows = [];

    public LayerIndexBuilder(LayerIndexLimits limits)
    {
        this.limits = limits;
        arena = new EntryArena(limits.Memory);
        folders = new LayerFolders(arena);
    }

    /// <summary>Takes an entry.</summary>
    /// <param name="path">Clean: relative, without «.», «..» and double slashes; empty for the root.</param>
    /// <param name="entry">What it is; its key does not matter.</param>
    /// <exception cref="NaruException">InvalidArgument: too many, or too long.</exception>
    public void Add(ReadOnlySpan<byte> path, LayerEntry entry)
    {
        CheckLength(path.Length);
        CheckLength(entry.RawTarget?.Length ?? 0);
        var slash = path.LastIndexOf((byte)'/');
        Add(folders.Number(path[..Math.Max(slash, 0)]), path[(slash + 1)..], entry, self: -1);
    }

    /// <summary>Takes the mark that a folder hides what is below it.</summary>
    public void AddOpaque(ReadOnlySpan<byte> folder)
    {
        CheckLength(folder.Length);
        folders.SetOpaque(folders.Number(folder));
    }

    /// <summary>All entries as they will be in the index. Nothing can be added any more.</summary>
    public IEnumerable<LayerEntry> Finish()
    {
        for (var folder = 0; folder < folders.Count; folder++)
            Add(Math.Max(0, folders.Parent(folder)), folders.Name(folder), new LayerEntry { Kind = LayerEntryKind.Directory, Mode = 0x1ED, Implied = true }, folder);
        var ranks = folders.Ranks(out var sorted);
        rows.Sort((left, right) =>
        {
            var order = ranks[left.Folder].CompareTo(ranks[right.Folder]);
            if (order == 0)
                order = Name(left).SequenceCompareTo(Name(right));
            return order != 0 ? order : left.Start.CompareTo(right.Start);
        });
        Unite();
        return Entries(Totals(sorted), Links(ranks));
    }

    private void Add(int folder, ReadOnlySpan<byte> name, LayerEntry entry, int self)
    {
        if (rows.Count >= limits.Entries && self < 0)
            throw NaruException.Invalid($"more than {limits.Entries} entries");
        record.Clear();
        record.Text(name);
        LayerIndexFormat.Write(record, entry);
        arena.Account(Row.Cost);
        rows.Add(new Row { Folder = folder, Start = arena.Add(record.Written), Length = record.Length, Self = self });
    }

    private void CheckLength(int length)
    {
        if (length > limits.Path)
            throw NaruException.Invalid($"a path of {length} bytes, {limits.Path} at most");
    }

    /// <summary>Leaves one row of each path: the last that is something, as when it is unpacked; a whiteout beside it says that nothing shows through.</summary>
    private void Unite()
    {
        var kept = 0;
        for (int from = 0, to; from < rows.Count; from = to)
        {
            var best = rows[from];
            var (hides, self) = (false, -1);
            for (to = from; to < rows.Count && rows[to].Folder == best.Folder && Name(rows[to]).SequenceEqual(Name(rows[from])); to++)
            {
                var row = rows[to];
                hides |= Kind(row) == LayerEntryKind.Whiteout;
                self = Math.Max(self, row.Self);
                if (Weight(row) >= Weight(best))
                    best = row;
            }

            best.Self = self;
            best.Hides = hides && Kind(best) != LayerEntryKind.Whiteout;
            rows[kept++] = best;
        }

        rows.RemoveRange(kept, rows.Count - kept);
    }

    private int Weight(Row row) => Kind(row) == LayerEntryKind.Whiteout ? 0 : row.Self >= 0 ? 1 : 2;

    /// <summary>Bytes and entries below each folder.</summary>
    private (long Size, long Below)[] Totals(int[] sorted)
    {
        var totals = new (long Size, long Below)[folders.Count];
        foreach (var row in rows)
        {
            if (row.Self == 0)
                continue;
            totals[row.Folder].Below++;
            if (Kind(row) == LayerEntryKind.File)
                totals[row.Folder].Size += Entry(row, [], 0).Size;
        }

        // Sorted by path, a folder is before all that are in it: so backwards.
        for (var i = sorted.Length - 1; i > 0; i--)
        {
            var parent = folders.Parent(sorted[i]);
            totals[parent].Size += totals[sorted[i]].Size;
            totals[parent].Below += totals[sorted[i]].Below;
        }

        return totals;
    }

    /// <summary>Each hard link whose file is in this layer, by its position: what it links to. A link to a link that came before it is one to that one's file.</summary>
    private Dictionary<int, LayerEntry> Links(int[] ranks)
    {
        var links = new List<Row>();
        foreach (var row in rows)
        {
            if (Kind(row) == LayerEntryKind.HardLink)
                links.Add(row);
        }

        links.Sort((left, right) => left.Start.CompareTo(right.Start));
        var found = new Dictionary<int, LayerEntry>();
        foreach (var link in links)
        {
            var path = Entry(link, [], 0).RawTarget.AsSpan();
            var slash = path.LastIndexOf((byte)'/');
            if (Find(folders.Find(path[..Math.Max(slash, 0)]), path[(slash + 1)..], ranks) is not { } target)
                continue;
            if (Kind(target) == LayerEntryKind.File)
                found[link.Start] = Entry(target, [], 0);
            else if (found.TryGetValue(target.Start, out var file))
                found[link.Start] = file;
        }

        return found;
    }

    private Row? Find(int folder, ReadOnlySpan<byte> name, int[] ranks)
    {
        var (low, high) = (0, folder < 0 ? -1 : rows.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = ranks[rows[middle].Folder].CompareTo(ranks[folder]);
            if (order == 0)
                order = Name(rows[middle]).SequenceCompareTo(name);
            if (order == 0)
                return rows[middle];
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    private IEnumerable<LayerEntry> Entries((long Size, long Below)[] totals, Dictionary<int, LayerEntry> links)
    {
        var (folder, path) = (-1, Array.Empty<byte>());
        foreach (var row in rows)
        {
            if (row.Folder != folder)
                (folder, path) = (row.Folder, Encoding.Latin1.GetBytes(folders.Path(row.Folder)));
            var entry = Entry(row, LayerEntry.KeyOf(path, Name(row)), path.Length);
            entry.Hides = row.Hides;
            if (entry.Kind == LayerEntryKind.Directory && row.Self >= 0)
            {
                (entry.Size, entry.Below) = totals[row.Self];
                entry.Opaque = folders.IsOpaque(row.Self);
            }
            else if (links.TryGetValue(row.Start, out var file))
            {
                (entry.Size, entry.Offset, entry.Sha256, entry.Sparse) = (file.Size, file.Offset, file.Sha256, file.Sparse);
            }

            yield return entry;
        }
    }

    private ReadOnlySpan<byte> Name(Row row) => new PackedReader(arena.Get(row.Start, row.Length)).Text();

    private LayerEntryKind Kind(Row row)
    {
        var reader = new PackedReader(arena.Get(row.Start, row.Length));
        reader.Text();
        return (LayerEntryKind)reader.Byte();
    }

    private LayerEntry Entry(Row row, byte[] key, int split)
    {
        var reader = new PackedReader(arena.Get(row.Start, row.Length));
        reader.Text();
        return LayerIndexFormat.Read(ref reader, key, split);
    }

    /// <summary>Where an entry's record is. Those of later entries begin further on.</summary>
    private struct Row
    {
        public const int Cost = 48;

        public int Folder, Start, Length;

        /// <summary>The number of the folder that this row is, where anything is in it; else -1.</summary>
        public int Self;

        public bool Hides;
    }
}
