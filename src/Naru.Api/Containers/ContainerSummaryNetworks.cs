namespace Naru.Api;

/// <summary>The networks of a container in a listing.</summary>
public sealed record ContainerSummaryNetworks
{
    public SortedDictionary<string, EndpointSettings?>? Networks { get; init; }
}
