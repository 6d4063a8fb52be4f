namespace Naru.Hub.Layers;

/// <summary>Whether a layer's files can be looked at.</summary>
/// <param name="Ready">They can.</param>
/// <param name="Failure">Why they never can: what is wrong with the layer. Null while there is hope, too: the layer waits for its turn, or is being read.</param>
public sealed record LayerIndexState(bool Ready, string? Failure);
