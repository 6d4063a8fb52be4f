using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>personality(2).</summary>
public sealed record Personality
{
    /// <summary>LINUX or LINUX32.</summary>
    [JsonPropertyName("domain")]
    public string Domain { get; init; } = "";

    [JsonPropertyName("flags")]
    public IReadOnlyList<string>? Flags { get; init; }
}
