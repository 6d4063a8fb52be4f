namespace Naru.Api;

/// <summary>One registry that this engine was told about.</summary>
public sealed record RegistryIndex
{
    public IReadOnlyList<string> Mirrors { get; init; } = [];
    public string Name { get; init; } = "";
    public bool Official { get; init; }
    public bool Secure { get; init; }
}
