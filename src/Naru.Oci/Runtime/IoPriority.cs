using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>ioprio_set(2).</summary>
public sealed record IoPriority
{
    [JsonPropertyName("class")]
    public string Class { get; init; } = "";

    [JsonPropertyName("priority")]
    public int Priority { get; init; }
}
