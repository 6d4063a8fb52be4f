using Naru.Build.Cache;
using Naru.Oci;

namespace Naru.Build.Solver;

/// <summary>One layer of a result: a committed snapshot.</summary>
/// <param name="Record">The build cache's; null for a layer of an image.</param>
/// <param name="DiffId">Known for an image's.</param>
/// <param name="Blob">Known for an image's.</param>
public sealed record ResultLayer(string Snapshot, CacheRecord? Record, Digest DiffId, Descriptor? Blob);
