using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>The state of a container: what hooks read and the command `state` prints (runtime-spec, State).</summary>
public sealed record State
{
    [JsonPropertyName("ociVersion")]
    public string OciVersion { get; init; } = "";

    [JsonPropertyName("id")]
    public string Id { get; init; } = "";

    /// <summary>creating, created, running, paused or stopped.</summary>
    [JsonPropertyName("status")]
    public string Status { get; init; } = "";

    /// <summary>0 when stopped.</summary>
    [JsonPropertyName("pid")]
    public int Pid { get; init; }

    [JsonPropertyName("bundle")]
    public string Bundle { get; init; } = "";

    [JsonPropertyName("annotations")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
