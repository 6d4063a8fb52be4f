namespace Naru.Api;

/// <summary>A container in an inspected network.</summary>
public sealed record NetworkEndpoint
{
    public string Name { get; init; } = "";
    public string EndpointID { get; init; } = "";
    public string MacAddress { get; init; } = "";
    public string IPv4Address { get; init; } = "";
    public string IPv6Address { get; init; } = "";
}
