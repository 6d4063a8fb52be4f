using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>net_cls and net_prio.</summary>
public sealed record NetworkResources
{
    [JsonPropertyName("classID")]
    public uint? ClassId { get; init; }

    [JsonPropertyName("priorities")]
    public IReadOnlyList<InterfacePriority>? Priorities { get; init; }
}
