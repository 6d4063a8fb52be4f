using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>The little of a host config that a listing shows.</summary>
public sealed record ContainerSummaryHostConfig
{
    public string NetworkMode { get; init; } = "";
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SortedDictionary<string, string>? Annotations { get; init; }
}
