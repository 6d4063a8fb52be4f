using Naru.Oci;

namespace Naru.Images;

/// <summary>An image to put into an archive: its manifest or index in the store, and the names to give it there.</summary>
public sealed record ExportedImage(Descriptor Target, IReadOnlyList<ImageReference> Names);
