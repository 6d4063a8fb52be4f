namespace Naru.Hub.Layers;

/// <summary>What one layer has in one folder.</summary>
/// <param name="Self">The folder itself: what is below it in bytes and entries. Null when the layer has nothing there.</param>
/// <param name="Children">Sorted by the bytes of their names; whiteouts too.</param>
/// <param name="Next">What to give as <c>after</c> for those that follow; null when these were the last.</param>
public sealed record LayerFolder(LayerEntry? Self, IReadOnlyList<LayerEntry> Children, string? Next);
