using System.Text.Json.Serialization;
using Naru.Oci;

namespace Naru.Api;

/// <summary>A platform that a registry has an image for.</summary>
public sealed record DistributionPlatform
{
    [JsonPropertyName("architecture")]
    public string Architecture { get; init; } = "";
    [JsonPropertyName("os")]
    public string Os { get; init; } = "";
    [JsonPropertyName("os.version"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OsVersion { get; init; }
    [JsonPropertyName("variant"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variant { get; init; }

    public static DistributionPlatform Of(Platform platform) =>
        new() { Architecture = platform.Architecture, Os = platform.Os, OsVersion = platform.OsVersion, Variant = platform.Variant };
}
