using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>From which NUMA nodes the process's memory comes, as set_mempolicy(2) has it.</summary>
public sealed record MemoryPolicy
{
    /// <summary>MPOL_DEFAULT, MPOL_BIND, …</summary>
    [JsonPropertyName("mode")]
    public string Mode { get; init; } = "";

    /// <summary>A list of nodes, «0-3,7».</summary>
    [JsonPropertyName("nodes")]
    public string? Nodes { get; init; }

    /// <summary>MPOL_F_STATIC_NODES, …</summary>
    [JsonPropertyName("flags")]
    public IReadOnlyList<string>? Flags { get; init; }
}
