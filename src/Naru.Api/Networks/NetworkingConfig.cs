namespace Naru.Api;

/// <summary>The networks a container starts in, by name or id.</summary>
public sealed record NetworkingConfig
{
    public SortedDictionary<string, EndpointSettings?>? EndpointsConfig { get; init; }
}
