using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>A layer that a cache elsewhere has.</summary>
/// <param name="Blob">Its compressed form.</param>
/// <param name="DiffId">Of its files: checked when they are unpacked.</param>
internal sealed record CachedLayer(Descriptor Blob, Digest DiffId, DateTimeOffset? Created);
