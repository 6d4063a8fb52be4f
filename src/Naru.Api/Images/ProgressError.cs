using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>Why a streamed operation failed.</summary>
public sealed record ProgressError
{
    [JsonPropertyName("code"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Code { get; init; }
    [JsonPropertyName("message")]
    public string Message { get; init; } = "";
}
