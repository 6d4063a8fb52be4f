using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>A device node to make in the container.</summary>
public sealed record Device
{
    [JsonPropertyName("path")]
    public string Path { get; init; } = "";

    /// <summary>c, b, u or p.</summary>
    [JsonPropertyName("type")]
    public string Type { get; init; } = "";

    [JsonPropertyName("major")]
    public long Major { get; init; }

    [JsonPropertyName("minor")]
    public long Minor { get; init; }

    [JsonPropertyName("fileMode")]
    public uint? FileMode { get; init; }

    [JsonPropertyName("uid")]
    public uint? Uid { get; init; }

    [JsonPropertyName("gid")]
    public uint? Gid { get; init; }
}
