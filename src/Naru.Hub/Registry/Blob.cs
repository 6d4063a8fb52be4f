using Naru.Oci;

namespace Naru.Hub.Registry;

/// <summary>A blob that a repository holds.</summary>
/// <param name="Object">Its key in the storage.</param>
public sealed record Blob(Digest Digest, long Size, string Object);
