using Naru.Oci;

namespace Naru.Build.Export;

/// <summary>A layer as an image has it.</summary>
internal sealed record ExportedLayer
{
    public required Digest DiffId { get; init; }

    public required Descriptor Blob { get; init; }

    /// <summary>When it was made; null for a base image's.</summary>
    public DateTimeOffset? Created { get; init; }

    public string Description { get; init; } = "";

    /// <summary>The committed snapshot with its files.</summary>
    public required string Snapshot { get; init; }

    /// <summary>The tar of no entry at all.</summary>
    public bool IsEmpty => DiffId == Empty;

    /// <summary>The digest of two blocks of zeros.</summary>
    private static Digest Empty { get; } = Digest.Of(new byte[1024]);
}
