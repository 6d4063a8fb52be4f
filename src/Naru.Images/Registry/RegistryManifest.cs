using Naru.Oci;

namespace Naru.Images;

/// <summary>A manifest or index as a registry gave it: the bytes, and what describes them.</summary>
public sealed record RegistryManifest(Descriptor Descriptor, byte[] Content);
