namespace Naru.Hub.Layers;

/// <summary>A path that two images do not have alike.</summary>
/// <param name="Before">What the first has; null for what was added.</param>
/// <param name="After">What the second has; null for what was removed.</param>
public sealed record ImageDifference(string Path, DifferenceKind Kind, LayerEntry? Before, LayerEntry? After)
{
    /// <summary>How much larger the second is by it, in bytes; negative for smaller.</summary>
    public long Growth => SizeOf(After) - SizeOf(Before);

    /// <summary>What it weighs in a list: bytes that are new or gone; for a change the larger of both.</summary>
    internal long Weight => Math.Max(SizeOf(Before), SizeOf(After));

    private static long SizeOf(LayerEntry? entry) => entry?.Kind == LayerEntryKind.File ? entry.Size : 0;
}
