namespace Naru.Api;

/// <summary>How a network gives out addresses.</summary>
public sealed record NetworkIpam
{
    public string Driver { get; init; } = "";
    public SortedDictionary<string, string>? Options { get; init; }
    public IReadOnlyList<NetworkIpamPool>? Config { get; init; }
}
