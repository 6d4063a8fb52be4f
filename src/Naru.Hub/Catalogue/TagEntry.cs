namespace Naru.Hub.Catalogue;

/// <summary>A tag, and what it stands for now.</summary>
public sealed record TagEntry(string Name, string Digest, DateTime Pushed);
