using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>How a container ended.</summary>
public sealed record WaitResponse
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WaitError? Error { get; init; }
    public long StatusCode { get; init; }
}
