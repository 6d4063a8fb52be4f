using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>One program of <see cref="Hooks"/>.</summary>
public sealed record Hook
{
    /// <summary>Absolute.</summary>
    [JsonPropertyName("path")]
    public string Path { get; init; } = "";

    /// <summary>The whole argv, its first element included.</summary>
    [JsonPropertyName("args")]
    public IReadOnlyList<string>? Args { get; init; }

    [JsonPropertyName("env")]
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>Seconds.</summary>
    [JsonPropertyName("timeout")]
    public int? Timeout { get; init; }
}
