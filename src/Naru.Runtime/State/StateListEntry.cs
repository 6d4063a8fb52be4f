using System.Text.Json.Serialization;

namespace Naru.Runtime.State;

/// <summary>What the commands <c>state</c> and <c>list --format json</c> print of a container, with runc's names and order.</summary>
public sealed record StateListEntry
{
    [JsonPropertyName("ociVersion")]
    public string OciVersion { get; init; } = "";

    [JsonPropertyName("id")]
    public string Id { get; init; } = "";

    [JsonPropertyName("pid")]
    public int Pid { get; init; }

    [JsonPropertyName("status")]
    public string Status { get; init; } = "";

    [JsonPropertyName("bundle")]
    public string Bundle { get; init; } = "";

    [JsonPropertyName("rootfs")]
    public string Rootfs { get; init; } = "";

    [JsonPropertyName("created")]
    public string Created { get; init; } = "";

    [JsonPropertyName("annotations")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    [JsonPropertyName("owner")]
    public string Owner { get; init; } = "";
}
