namespace Naru.Api;

/// <summary>The processes of a container, as ps prints them.</summary>
public sealed record TopResponse
{
    public IReadOnlyList<string> Titles { get; init; } = [];
    public IReadOnlyList<IReadOnlyList<string>> Processes { get; init; } = [];
}
