using Naru.Build.Cache;
using Naru.Oci;

namespace Naru.Build.Solver;

/// <summary>One layer of a result: a committed snapshot.</summary>
/// <param name="Record">The build cache's; null for a layer of an image.</param>
/// <param name="DiffId">Known for an image's.</param>
/// <param name="Blob">Known for an image's.</param>
public sealed record ResultLayer(string Snapshot, CacheRecord? Record, Digest DiffId, Descriptor? Blob)
{
    /// <summary>When it was made, if that was in a build whose cache was imported; null for an image's, and where the record says it.</summary>
    public DateTimeOffset? Created { get; init; }
}
