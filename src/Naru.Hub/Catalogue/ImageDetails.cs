using Naru.Oci;

namespace Naru.Hub.Catalogue;

/// <summary>One image, read from its manifest and config.</summary>
/// <param name="Config">Null for what is no image.</param>
public sealed record ImageDetails(ImagePlatform Platform, string MediaType, ImageManifest Manifest, ImageConfig? Config);
