using Naru.Images;

namespace Naru.Containerd;

/// <summary>A layer that was unpacked before it was known what lies below it.</summary>
/// <param name="Key">Of the active snapshot, which has no parent, that holds its files.</param>
internal sealed record UnpackedLayer(string Key, LayerApplyResult Result);
