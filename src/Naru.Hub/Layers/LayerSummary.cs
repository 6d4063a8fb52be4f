using Naru.Images;

namespace Naru.Hub.Layers;

/// <summary>A layer as a whole.</summary>
/// <param name="Size">Bytes as it is stored and pulled.</param>
/// <param name="RawSize">Bytes of the archive uncompressed.</param>
/// <param name="Entries">Paths, whiteouts among them.</param>
/// <param name="FileBytes">Bytes of all files.</param>
public sealed record LayerSummary(CompressionKind Compression, long Size, long RawSize, long Entries, long FileBytes);
