using Naru.Oci;

namespace Naru.Images;

/// <summary>What applying a layer found out.</summary>
/// <param name="DiffId">sha256 of the uncompressed tar.</param>
/// <param name="UncompressedSize">Bytes of the tar.</param>
/// <param name="WrittenSize">Bytes of file data.</param>
/// <param name="ImpliedFolders">Paths of the parents that the layer does not name, in bytes.</param>
public sealed record LayerApplyResult(Digest DiffId, long UncompressedSize, long WrittenSize, IReadOnlyCollection<byte[]> ImpliedFolders);
