using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>A network, as listed and inspected.</summary>
public sealed record NetworkResource
{
    public string Name { get; init; } = "";
    public string Id { get; init; } = "";
    public DateTimeOffset Created { get; init; }
    public string Scope { get; init; } = "";
    public string Driver { get; init; } = "";
    public bool EnableIPv4 { get; init; }
    public bool EnableIPv6 { get; init; }
    public NetworkIpam IPAM { get; init; } = new();
    public bool Internal { get; init; }
    public bool Attachable { get; init; }
    public bool Ingress { get; init; }
    public NetworkConfigReference ConfigFrom { get; init; } = new();
    public bool ConfigOnly { get; init; }
    public SortedDictionary<string, NetworkEndpoint>? Containers { get; init; }
    public SortedDictionary<string, string>? Options { get; init; }
    public SortedDictionary<string, string>? Labels { get; init; }
}
