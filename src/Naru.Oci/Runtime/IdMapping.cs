using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>A range of user_namespaces(7)'s uid_map or gid_map.</summary>
public sealed record IdMapping
{
    [JsonPropertyName("containerID")]
    public uint ContainerId { get; init; }

    [JsonPropertyName("hostID")]
    public uint HostId { get; init; }

    [JsonPropertyName("size")]
    public uint Size { get; init; }
}
