using System.Text;
using Naru.Base;

namespace Naru.Hub.Layers;

/// <summary>Walks through all paths of an image's layers at once, in the order of their keys, and says of each what is seen of it at the top.</summary>
/// <remarks>
/// Cuts: a layer cuts a folder when it hides all that the layers below have in it: by a whiteout or an opaque mark there or further up, or because
/// something else than a folder takes its place. A folder's key is before those of all that is in it, so its cuts are known in time.
/// </remarks>
internal sealed class ImageWalk
{
    /// <summary>Pages in memory for all layers together; one of each at least.</summary>
    private const int Pages = 24;

    /// <summary>Folders with cuts: an honest image has a few hundred.</summary>
    private const int MostCuts = 200_000;

    private readonly LayerCursor?[] cursors;
    private readonly LayerChanges[] changes;
    private readonly Dictionary<string, int[]> cuts = new(StringComparer.Ordinal);
    private byte[] folder = [];
    private int[] folderCuts = [];
    private bool begun;

    /// <param name="layers">Lowest first; null for one that has no index, which counts as empty.</param>
    public ImageWalk(IReadOnlyList<LayerIndex?> layers)
    {
        cursors = new LayerCursor?[layers.Count];
        changes = new LayerChanges[layers.Count];
        for (var i = 0; i < layers.Count; i++)
        {
            cursors[i] = layers[i] is { } index ? new LayerCursor(index, Math.Clamp(Pages / layers.Count, 1, 8)) : null;
            changes[i] = new LayerChanges();
        }
    }

    /// <summary>By layer; whole when there is nothing more to walk.</summary>
    public IReadOnlyList<LayerChanges> Changes => changes;

    /// <summary>The path it stands on; null behind the last.</summary>
    public byte[]? Key { get; private set; }

    /// <summary>What is seen there from the top; null when it is hidden.</summary>
    public LayerEntry? Seen { get; private set; }

    /// <summary>The layer that <see cref="Seen"/> is of, or <see cref="Before"/> where nothing is seen.</summary>
    public int Layer { get; private set; }

    /// <summary>What is seen there from the layer below the top.</summary>
    public LayerEntry? Before { get; private set; }

    /// <summary>What the top layer itself has there.</summary>
    public LayerEntry? Own => cursors.Length > 0 && cursors[^1] is { } top && IsAt(top, Key) ? top.Current : null;

    public async ValueTask<bool> Next(CancellationToken cancel)
    {
        if (!begun)
            await Begin(cancel);
        foreach (var cursor in cursors)
        {
            if (Key is not null && cursor is not null && IsAt(cursor, Key))
                await cursor.Advance(cancel);
        }

        LayerEntry? first = null;
        foreach (var cursor in cursors)
        {
            if (cursor?.Current is { } entry && (first is null || entry.Key.AsSpan().SequenceCompareTo(first.Key) < 0))
                first = entry;
        }

        (Key, Seen) = (first?.Key, null);
        if (first is not null)
            Unite(first);
        return first is not null;
    }

    /// <summary>Reads the first pages of all layers at once: a storage far away takes its time for each.</summary>
    private async Task Begin(CancellationToken cancel)
    {
        begun = true;
        var reading = new List<Task>();
        foreach (var cursor in cursors)
        {
            if (cursor is not null)
                reading.Add(cursor.Advance(cancel).AsTask());
        }

        await Task.WhenAll(reading);
    }

    private void Unite(LayerEntry first)
    {
        if (!first.RawFolder.SequenceEqual(folder))
        {
            folder = first.RawFolder.ToArray();
            folderCuts = cuts.GetValueOrDefault(Encoding.Latin1.GetString(folder), []);
        }

        var (seen, layer, own, below) = ((LayerEntry?)null, 0, (List<int>?)null, false);
        Before = null;
        for (var i = 0; i < cursors.Length; i++)
        {
            if (i == cursors.Length - 1)
                (Before, Layer) = (seen, layer);
            if (seen is not null && Array.IndexOf(folderCuts, i) >= 0)
            {
                Hide(seen, layer, changes[i], replaced: false);
                seen = null;
            }

            if (cursors[i] is not { Current: { } entry } || !IsAt(cursors[i]!, Key))
                continue;
            below |= entry.Below > 0;
            if (IsCut(entry, seen))
                (own ??= []).Add(i);
            if (entry.Kind != LayerEntryKind.Directory && entry.Kind != LayerEntryKind.Whiteout)
                Count(entry, seen, changes[i]);
            if (seen is not null && !(entry.Kind == LayerEntryKind.Directory && seen.Kind == LayerEntryKind.Directory))
                Hide(seen, layer, changes[i], replaced: entry.Kind is not (LayerEntryKind.Whiteout or LayerEntryKind.Directory));
            var over = entry.Kind == LayerEntryKind.Whiteout ? null : Over(entry, seen);
            if (over is not null && over != seen)
                layer = i;
            seen = over;
        }

        Seen = seen;
        if (seen is not null)
            Layer = layer;
        if (below && (own is not null || folderCuts.Length > 0))
            Remember(first, own);
    }

    /// <summary>What is seen when <paramref name="entry"/> lies on what was seen: a folder that the layer only passes through stays as it was.</summary>
    private static LayerEntry Over(LayerEntry entry, LayerEntry? seen) =>
        entry is { Kind: LayerEntryKind.Directory, Implied: true } && seen?.Kind == LayerEntryKind.Directory ? seen : entry;

    internal static bool IsCut(LayerEntry entry, LayerEntry? below) =>
        entry.Kind != LayerEntryKind.Directory || entry.Opaque || entry.Hides || (below is not null && below.Kind != LayerEntryKind.Directory);

    private static bool IsAt(LayerCursor cursor, byte[]? key) => cursor.Current is { } entry && entry.Key.AsSpan().SequenceEqual(key);

    private static void Count(LayerEntry entry, LayerEntry? seen, LayerChanges by)
    {
        if (seen is null || seen.Kind == LayerEntryKind.Directory)
            by.Added++;
        else
            by.Changed++;
        if (entry.Kind == LayerEntryKind.File)
            by.Bytes += entry.Size;
    }

    private void Hide(LayerEntry seen, int layer, LayerChanges by, bool replaced)
    {
        if (seen.Kind != LayerEntryKind.Directory && !replaced)
            by.Hidden++;
        if (seen.Kind != LayerEntryKind.File)
            return;
        by.HiddenBytes += seen.Size;
        changes[layer].WastedBytes += seen.Size;
    }

    private void Remember(LayerEntry entry, List<int>? own)
    {
        if (cuts.Count >= MostCuts)
            throw NaruException.Precondition($"the layers hide more than {MostCuts} folders of one another: too many to compare");
        var all = folderCuts;
        if (own is not null)
        {
            own.AddRange(folderCuts);
            all = [.. own];
        }

        cuts[Encoding.Latin1.GetString(LayerPaths.Join(entry.RawFolder, entry.RawName))] = all;
    }
}
