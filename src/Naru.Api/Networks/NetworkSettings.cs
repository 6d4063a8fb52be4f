namespace Naru.Api;

/// <summary>The network part of a container's inspect.</summary>
public sealed record NetworkSettings
{
    public string Bridge { get; init; } = "";
    public string SandboxID { get; init; } = "";
    public string SandboxKey { get; init; } = "";
    public SortedDictionary<string, IReadOnlyList<PortBinding>?> Ports { get; init; } = [];
    public string EndpointID { get; init; } = "";
    public string Gateway { get; init; } = "";
    public string IPAddress { get; init; } = "";
    public int IPPrefixLen { get; init; }
    public string MacAddress { get; init; } = "";
    public SortedDictionary<string, EndpointSettings?> Networks { get; init; } = [];
}
