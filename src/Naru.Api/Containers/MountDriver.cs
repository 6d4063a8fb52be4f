using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>The volume driver that a mount asks for.</summary>
public sealed record MountDriver
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SortedDictionary<string, string>? Options { get; init; }
}
