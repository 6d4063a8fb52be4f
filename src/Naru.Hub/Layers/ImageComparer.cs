namespace Naru.Hub.Layers;

/// <summary>Walks through two images side by side, counts what differs and keeps the largest differences.</summary>
internal sealed class ImageComparer(int most)
{
    private readonly PriorityQueue<ImageDifference, long> largest = new();
    private int added;
    private int changed;
    private int removed;
    private long addedBytes;
    private long removedBytes;
    private long changedGrowth;

    public async ValueTask Run(ImageWalk from, ImageWalk to, CancellationToken cancel)
    {
        await from.Next(cancel);
        await to.Next(cancel);
        while (from.Key is not null || to.Key is not null)
        {
            var order = from.Key is null ? 1 : to.Key is null ? -1 : from.Key.AsSpan().SequenceCompareTo(to.Key);
            Compare(order <= 0 ? from.Seen : null, order >= 0 ? to.Seen : null);
            if (order <= 0)
                await from.Next(cancel);
            if (order >= 0)
                await to.Next(cancel);
        }
    }

    public ImageComparison Result(IReadOnlyList<string> unknown)
    {
        var total = added + changed + removed;
        var differences = new List<ImageDifference>(largest.Count);
        while (largest.TryDequeue(out var difference, out _))
            differences.Add(difference);
        differences.Sort((left, right) => left.Weight != right.Weight ? right.Weight.CompareTo(left.Weight) : string.CompareOrdinal(left.Path, right.Path));
        return new ImageComparison(added, changed, removed, addedBytes, removedBytes, changedGrowth, differences, differences.Count == total, unknown);
    }

    private void Compare(LayerEntry? before, LayerEntry? after)
    {
        switch (before, after)
        {
            case (null, null):
                return;
            case (null, { Kind: LayerEntryKind.Directory, Below: > 0 }) or ({ Kind: LayerEntryKind.Directory, Below: > 0 }, null):
                // What is in it says it.
                return;
            case (null, not null):
                added++;
                addedBytes += Keep(new ImageDifference(after.Path, DifferenceKind.Added, null, after)).Growth;
                return;
            case (not null, null):
                removed++;
                removedBytes -= Keep(new ImageDifference(before.Path, DifferenceKind.Removed, before, null)).Growth;
                return;
            default:
                if (Same(before, after))
                    return;
                changed++;
                changedGrowth += Keep(new ImageDifference(after.Path, DifferenceKind.Changed, before, after)).Growth;
                return;
        }
    }

    private ImageDifference Keep(ImageDifference difference)
    {
        if (largest.Count < most)
            largest.Enqueue(difference, difference.Weight);
        else if (most > 0)
            largest.EnqueueDequeue(difference, difference.Weight);
        return difference;
    }

    private static bool Same(LayerEntry before, LayerEntry after)
    {
        var kinds = (Content(before.Kind), Content(after.Kind));
        if (kinds.Item1 != kinds.Item2)
            return false;
        if (before.Implied || after.Implied)
            return true;
        if (before.Mode != after.Mode || before.Uid != after.Uid || before.Gid != after.Gid)
            return false;
        return kinds.Item1 switch
        {
            LayerEntryKind.File => SameBytes(before, after),
            LayerEntryKind.Symlink => before.RawTarget.AsSpan().SequenceEqual(after.RawTarget),
            LayerEntryKind.CharacterDevice or LayerEntryKind.BlockDevice => before.DeviceMajor == after.DeviceMajor && before.DeviceMinor == after.DeviceMinor,
            _ => true,
        };
    }

    /// <summary>A hard link is a file by another name.</summary>
    private static LayerEntryKind Content(LayerEntryKind kind) => kind == LayerEntryKind.HardLink ? LayerEntryKind.File : kind;

    private static bool SameBytes(LayerEntry before, LayerEntry after)
    {
        if (before.Size != after.Size)
            return false;
        if (before.Sha256 is not null && after.Sha256 is not null)
            return before.Sha256.AsSpan().SequenceEqual(after.Sha256);
        return before.Size == 0 && before.IsReadable && after.IsReadable || before.Modified == after.Modified;
    }
}
