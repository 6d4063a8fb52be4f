namespace Naru.Hub.Layers;

/// <summary>Where two images differ.</summary>
/// <remarks>
/// Files are the same when size, SHA-256, mode and owner are; times do not count, but for files whose hash is not known. Folders are told where mode or
/// owner changed, and where an empty one came or went. A file that was moved is removed and added.
/// </remarks>
/// <param name="Added">How many paths; so the next two.</param>
/// <param name="AddedBytes">Bytes of added files.</param>
/// <param name="RemovedBytes">Bytes of removed files.</param>
/// <param name="ChangedGrowth">How much larger changed files are together; may be negative.</param>
/// <param name="Differences">The largest, sorted by bytes, then by path.</param>
/// <param name="Complete">All differences are in the list.</param>
/// <param name="Unknown">Digests of layers that have no index (yet): what they hold is in none of this.</param>
public sealed record ImageComparison(
    int Added, int Changed, int Removed, long AddedBytes, long RemovedBytes, long ChangedGrowth,
    IReadOnlyList<ImageDifference> Differences, bool Complete, IReadOnlyList<string> Unknown);
