using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>The container's root file system.</summary>
public sealed record Root
{
    /// <summary>Absolute, or relative to the bundle.</summary>
    [JsonPropertyName("path")]
    public string Path { get; init; } = "";

    [JsonPropertyName("readonly")]
    public bool Readonly { get; init; }
}
