namespace Naru.Build.Dockerfile.Instructions;

/// <summary>One variable that ARG declares.</summary>
/// <param name="Value">Null: none is given.</param>
/// <param name="Comment">The comment above that begins with its name, without the name; else empty.</param>
public sealed record ArgDefinition(string Name, string? Value, string Comment);
