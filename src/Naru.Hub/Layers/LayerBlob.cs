namespace Naru.Hub.Layers;

/// <summary>Where a layer's bytes are, and how many.</summary>
internal sealed record LayerBlob(string Object, long Size);
