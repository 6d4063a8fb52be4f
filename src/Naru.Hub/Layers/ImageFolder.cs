namespace Naru.Hub.Layers;

/// <summary>A folder of an image, looked at from one of its layers.</summary>
/// <param name="Children">Sorted by the bytes of their names.</param>
/// <param name="Next">What to give as <c>after</c> for those that follow; null when these were the last.</param>
/// <param name="Unknown">Layers, counted from 0 at the bottom, that have no index (yet): what they do is not shown.</param>
public sealed record ImageFolder(IReadOnlyList<ImagePath> Children, string? Next, IReadOnlyList<int> Unknown);
