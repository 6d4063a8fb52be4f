namespace Naru.Build.Attestations;

/// <summary>What a statement is about: a name, and the digest by which it is known for sure.</summary>
/// <param name="Hex">SHA-256 or, of git's commits, SHA-1.</param>
internal sealed record Subject(string Name, string Hex, string Algorithm = "sha256");
