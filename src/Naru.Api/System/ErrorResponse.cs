using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>The body of every failed request.</summary>
public sealed record ErrorResponse
{
    [JsonPropertyName("message")]
    public string Message { get; init; } = "";
}
