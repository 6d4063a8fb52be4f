namespace Naru.Hub.Catalogue;

/// <summary>One image of what a tag stands for.</summary>
/// <param name="Name"><c>linux/arm64/v8</c>; empty where it is not known.</param>
/// <param name="Size">Compressed bytes that a pull transfers.</param>
/// <param name="ArtifactType">What it is, where it is no image.</param>
public sealed record ImagePlatform(string Name, string Digest, long Size, string? ArtifactType);
