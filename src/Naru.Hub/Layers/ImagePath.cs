namespace Naru.Hub.Layers;

/// <summary>One name in a folder of an image, looked at from one of its layers, those above left out.</summary>
/// <param name="Entry">What is seen there; for what was removed, what was there.</param>
/// <param name="Layer">Which layer, counted from 0 at the bottom, has it.</param>
/// <param name="Change">What the layer that is looked from did to it.</param>
/// <param name="Own">That layer's own entry, if it has one: of a folder it knows how many bytes and entries the layer has below.</param>
/// <param name="Before">What the layers below show; null for what is new.</param>
public sealed record ImagePath(LayerEntry Entry, int Layer, FolderChange Change, LayerEntry? Own, LayerEntry? Before);
