using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>A volume, as listed and inspected.</summary>
public sealed record Volume
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CreatedAt { get; init; }
    public string Driver { get; init; } = "";
    public SortedDictionary<string, string>? Labels { get; init; }
    public string Mountpoint { get; init; } = "";
    public string Name { get; init; } = "";
    public SortedDictionary<string, string>? Options { get; init; }
    public string Scope { get; init; } = "";
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VolumeUsage? UsageData { get; init; }
}
