using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>A terminal's size in characters.</summary>
public sealed record ConsoleSize
{
    [JsonPropertyName("height")]
    public uint Height { get; init; }

    [JsonPropertyName("width")]
    public uint Width { get; init; }
}
