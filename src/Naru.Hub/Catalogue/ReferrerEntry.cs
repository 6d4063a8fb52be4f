namespace Naru.Hub.Catalogue;

/// <summary>Something that says something of an image.</summary>
public sealed record ReferrerEntry(string ArtifactType, string Digest, long Size, DateTime Pushed);
