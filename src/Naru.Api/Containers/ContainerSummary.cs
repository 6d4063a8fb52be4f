using System.Text.Json;
using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>One line of GET /containers/json.</summary>
public sealed record ContainerSummary
{
    public string Id { get; init; } = "";
    public IReadOnlyList<string>? Names { get; init; }
    public string Image { get; init; } = "";
    public string ImageID { get; init; } = "";
    /// <summary>The image's own descriptor (with its platform), from engines that keep images as they came.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? ImageManifestDescriptor { get; init; }
    public string Command { get; init; } = "";
    /// <summary>Unix seconds.</summary>
    public long Created { get; init; }
    public IReadOnlyList<PortSummary>? Ports { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SizeRw { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SizeRootFs { get; init; }
    public SortedDictionary<string, string>? Labels { get; init; }
    public string State { get; init; } = "";
    public string Status { get; init; } = "";
    public ContainerSummaryHostConfig? HostConfig { get; init; }
    public ContainerSummaryNetworks? NetworkSettings { get; init; }
    public IReadOnlyList<MountPoint>? Mounts { get; init; }
}
