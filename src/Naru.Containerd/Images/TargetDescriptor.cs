namespace Naru.Containerd;

/// <summary>What an image name points to: a manifest or index.</summary>
public sealed record TargetDescriptor(string MediaType, string Digest, long Size, IReadOnlyDictionary<string, string> Annotations);
