namespace Naru.Api;

/// <summary>The answer to an update.</summary>
public sealed record ContainerUpdateResponse
{
    public IReadOnlyList<string>? Warnings { get; init; }
}
