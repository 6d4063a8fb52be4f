using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>A path in a container: base64 of this is the header X-Docker-Container-Path-Stat.</summary>
public sealed record ContainerPathStat
{
    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    /// <summary>Bytes.</summary>
    [JsonPropertyName("size")]
    public long Size { get; init; }

    /// <summary>Go's os.FileMode: permissions, and the kind in the upper bits.</summary>
    [JsonPropertyName("mode")]
    public uint Mode { get; init; }

    [JsonPropertyName("mtime")]
    public string Modified { get; init; } = "";

    /// <summary>Where a symbolic link leads in the container.</summary>
    [JsonPropertyName("linkTarget")]
    public string LinkTarget { get; init; } = "";
}
