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

    /// <summary>The committed snapshot with its files; null: none has just these.</summary>
    public required string? Snapshot { get; init; }
}
