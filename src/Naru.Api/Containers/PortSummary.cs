using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>One port in a listing; published when PublicPort is set.</summary>
public sealed record PortSummary
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IP { get; init; }
    public int PrivatePort { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int PublicPort { get; init; }
    public string Type { get; init; } = "";
}
