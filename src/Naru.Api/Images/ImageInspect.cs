using System.Text.Json;

namespace Naru.Api;

/// <summary>GET /images/{name}/json. The config is the image's own bytes.</summary>
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
    public JsonElement? Config { get; init; }
    public string Architecture { get; init; } = "";
    public string Os { get; init; } = "";
    public long Size { get; init; }
    public ImageRootFs RootFS { get; init; } = new();
}
