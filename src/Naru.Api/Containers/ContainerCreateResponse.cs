namespace Naru.Api;

/// <summary>The answer to a create: the id, and warnings for the user.</summary>
public sealed record ContainerCreateResponse
{
    public string Id { get; init; } = "";
    public IReadOnlyList<string>? Warnings { get; init; }
}
