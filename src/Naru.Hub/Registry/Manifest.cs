using Naru.Oci;

namespace Naru.Hub.Registry;

/// <summary>A manifest or index, as it was pushed.</summary>
public sealed record Manifest(Digest Digest, string MediaType, byte[] Content);
