namespace Naru.Api;

/// <summary>One program of the engine and its version.</summary>
public sealed record VersionComponent
{
    public string Name { get; init; } = "";
    public string Version { get; init; } = "";
    public SortedDictionary<string, string>? Details { get; init; }
}
