using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>A namespace: made new, or joined where Path is set.</summary>
public sealed record LinuxNamespace
{
    /// <summary>pid, network, mount, ipc, uts, user, cgroup or time.</summary>
    [JsonPropertyName("type")]
    public string Type { get; init; } = "";

    [JsonPropertyName("path")]
    public string? Path { get; init; }
}
