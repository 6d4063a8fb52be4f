using Naru.Images;

namespace Naru.Hub.Layers;

/// <summary>The first bytes of an index: <see cref="LayerIndexFormat"/>.</summary>
/// <param name="Directory">Packed length in bytes; so <paramref name="Table"/>, of the checkpoints, and <paramref name="PagesLength"/>, of all pages.</param>
internal sealed record LayerIndexHeader(
    CompressionKind Compression, int Entries, int Pages, int Checkpoints, long LayerSize, long RawSize,
    int Directory, int DirectoryRaw, int Table, int TableRaw, long PagesLength);
