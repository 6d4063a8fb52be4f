using Naru.Build.Graph;
using Naru.Oci;

namespace Naru.Build.Planning;

/// <summary>What a build makes for one platform.</summary>
public sealed record PlannedImage
{
    public required Platform Platform { get; init; }

    /// <summary>The file system; null: scratch.</summary>
    public required Step? Result { get; init; }

    /// <summary>
    /// The image's config without its rootfs. Its history is whole (the base image's first); an entry that stands for a layer of this build has no
    /// <c>created</c> yet: the export knows when the layer was made.
    /// </summary>
    public required ImageConfig Config { get; init; }

    /// <summary>What else a list of its parts is to cover (BUILDKIT_SBOM_SCAN_STAGE, BUILDKIT_SBOM_SCAN_CONTEXT), by name: stages, <c>context</c>.</summary>
    public IReadOnlyDictionary<string, Step?> Scans { get; init; } = new Dictionary<string, Step?>();

    /// <summary>The image at the bottom; null: scratch.</summary>
    public ResolvedImage? Base { get; init; }
}
