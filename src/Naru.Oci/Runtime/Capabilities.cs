using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>The five sets of capabilities(7), by name (CAP_CHOWN).</summary>
public sealed record Capabilities
{
    [JsonPropertyName("bounding")]
    public IReadOnlyList<string>? Bounding { get; init; }

    [JsonPropertyName("effective")]
    public IReadOnlyList<string>? Effective { get; init; }

    [JsonPropertyName("inheritable")]
    public IReadOnlyList<string>? Inheritable { get; init; }

    [JsonPropertyName("permitted")]
    public IReadOnlyList<string>? Permitted { get; init; }

    [JsonPropertyName("ambient")]
    public IReadOnlyList<string>? Ambient { get; init; }
}
