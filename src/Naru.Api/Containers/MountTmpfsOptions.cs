using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>Options of a tmpfs mount.</summary>
public sealed record MountTmpfsOptions
{
    /// <summary>Bytes; 0 is no limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SizeBytes { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public uint Mode { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<string>>? Options { get; init; }
}
