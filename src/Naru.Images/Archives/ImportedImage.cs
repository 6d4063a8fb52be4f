using Naru.Oci;

namespace Naru.Images;

/// <summary>An image that an archive held, now in the store: its manifest or index, and the names the archive gives it (none is possible).</summary>
public sealed record ImportedImage(Descriptor Target, IReadOnlyList<ImageReference> Names);
