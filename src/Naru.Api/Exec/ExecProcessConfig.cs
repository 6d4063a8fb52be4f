using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>What an exec runs.</summary>
public sealed record ExecProcessConfig
{
    [JsonPropertyName("tty")]
    public bool Terminal { get; init; }

    [JsonPropertyName("entrypoint")]
    public string EntryPoint { get; init; } = "";

    [JsonPropertyName("arguments")]
    public IReadOnlyList<string> Arguments { get; init; } = [];

    [JsonPropertyName("privileged")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Privileged { get; init; }

    [JsonPropertyName("user")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }
}
