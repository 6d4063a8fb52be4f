using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>The logging driver and its options.</summary>
public sealed record LogConfig
{
    public string Type { get; init; } = "";
    public SortedDictionary<string, string>? Config { get; init; }
}
