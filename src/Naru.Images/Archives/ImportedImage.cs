using Naru.Oci;

namespace Naru.Images;

/// <summary>An image that an archive held, now in the store: its manifest or index, and the names the archive gives it (none is possible).</summary>
public sealed record ImportedImage(Descriptor Target, IReadOnlyList<ImageReference> Names)
{
    /// <summary>Tags that the archive gives it without saying of which repository (an OCI layout's ref.name).</summary>
    public IReadOnlyList<string> BareTags { get; init; } = [];
}
