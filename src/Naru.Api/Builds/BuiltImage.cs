using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>What POST /build tells programs of an image it made.</summary>
public sealed record BuiltImage
{
    [JsonPropertyName("ID")]
    public required string Id { get; init; }
}
