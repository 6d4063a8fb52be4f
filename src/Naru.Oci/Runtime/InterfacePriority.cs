using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>The priority of traffic out of one interface.</summary>
public sealed record InterfacePriority
{
    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    [JsonPropertyName("priority")]
    public uint Priority { get; init; }
}
