using System.Text.Json;
using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>GET /images/{name}/json.</summary>
public sealed record ImageInspect
{
    public string Id { get; init; } = "";
    public IReadOnlyList<string> RepoTags { get; init; } = [];
    public IReadOnlyList<string> RepoDigests { get; init; } = [];
    public string Parent { get; init; } = "";
    public string Comment { get; init; } = "";
    public string Created { get; init; } = "";
    public string DockerVersion { get; init; } = "";
    public string Author { get; init; } = "";
    public string Architecture { get; init; } = "";
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variant { get; init; }
    public string Os { get; init; } = "";
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OsVersion { get; init; }

    /// <summary>Bytes of file data of all layers.</summary>
    public long Size { get; init; }
    public GraphDriver GraphDriver { get; init; } = new();
    public ImageRootFs RootFS { get; init; } = new();
    public ImageMetadata Metadata { get; init; } = new();
    public JsonElement? Config { get; init; }
}
