namespace Naru.Api;

/// <summary>The product's name.</summary>
public sealed record VersionPlatform
{
    public string Name { get; init; } = "";
}
