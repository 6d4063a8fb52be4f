namespace Naru.Hub.Layers;

/// <summary>What one layer has in a folder.</summary>
/// <param name="Layer">Counted from 0 at the bottom.</param>
/// <param name="Cut">It hides everything that the layers below have there.</param>
internal sealed record FolderPart(int Layer, bool Cut, List<LayerEntry> Children)
{
    /// <summary>Lays parts one on the other.</summary>
    /// <param name="parts">Lowest first.</param>
    /// <param name="top">The layer whose changes are told.</param>
    /// <param name="end">The last name to look at; null for all.</param>
    /// <param name="own">Leave out what that layer has nothing to do with.</param>
    public static List<ImagePath> Merge(List<FolderPart> parts, int top, byte[]? end, bool own)
    {
        var places = new int[parts.Count];
        var merged = new List<ImagePath>();
        while (First(parts, places) is { } first && (end is null || first.RawName.SequenceCompareTo(end) <= 0))
        {
            if (Look(parts, places, first, top) is { } path && !(own && path.Change == FolderChange.None))
                merged.Add(path);
        }

        return merged;
    }

    private static LayerEntry? First(List<FolderPart> parts, int[] places)
    {
        LayerEntry? first = null;
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i] < parts[i].Children.Count && parts[i].Children[places[i]] is var entry && (first is null || entry.Key.AsSpan().SequenceCompareTo(first.Key) < 0))
                first = entry;
        }

        return first;
    }

    private static ImagePath? Look(List<FolderPart> parts, int[] places, LayerEntry first, int top)
    {
        LayerEntry? seen = null, before = null, ownEntry = null;
        var (layer, layerBefore) = (0, 0);
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            if (part.Layer == top)
                (before, layerBefore) = (seen, layer);
            if (part.Cut)
                seen = null;
            if (places[i] == part.Children.Count || part.Children[places[i]] is var entry && !entry.Key.AsSpan().SequenceEqual(first.Key))
                continue;
            entry = part.Children[places[i]++];
            if (part.Layer == top)
                ownEntry = entry;
            if (entry.Kind == LayerEntryKind.Whiteout)
                seen = null;
            else if (!(entry is { Kind: LayerEntryKind.Directory, Implied: true } && seen?.Kind == LayerEntryKind.Directory))
                (seen, layer) = (entry, part.Layer);
        }

        if (seen is not null)
            return new ImagePath(seen, layer, Change(seen, before, ownEntry), ownEntry, before);
        return before is null ? null : new ImagePath(before, layerBefore, FolderChange.Removed, ownEntry, before);
    }

    /// <summary>What a layer did to a path.</summary>
    public static FolderChange Change(LayerEntry seen, LayerEntry? before, LayerEntry? own)
    {
        if (own is null)
            return FolderChange.None;
        if (before is null)
            return FolderChange.Added;
        if (own.Kind != LayerEntryKind.Directory || before.Kind != LayerEntryKind.Directory || own.Hides || own.Opaque)
            return FolderChange.Changed;
        if (!own.Implied && (seen.Mode != before.Mode || seen.Uid != before.Uid || seen.Gid != before.Gid))
            return FolderChange.Changed;

        // Tools write the folders that lead to a change too, often with a new time.
        return own.Below > 0 ? FolderChange.Inside : FolderChange.None;
    }
}
