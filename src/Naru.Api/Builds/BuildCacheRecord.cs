using System.Text.Json.Serialization;

namespace Naru.Api;

/// <summary>One entry of the build cache, as GET /system/df lists it.</summary>
public sealed record BuildCacheRecord
{
    [JsonPropertyName("ID")]
    public required string Id { get; init; }

    /// <summary>The entries it stands on; left out where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Parents { get; init; }

    /// <summary>regular, source.local, exec.cachemount …</summary>
    public required string Type { get; init; }
    public required string Description { get; init; }
    public bool InUse { get; init; }

    /// <summary>Its files are an image's too: to remove it frees nothing.</summary>
    public bool Shared { get; init; }

    /// <summary>Bytes.</summary>
    public long Size { get; init; }

    /// <summary>RFC 3339.</summary>
    public required string CreatedAt { get; init; }
    public string? LastUsedAt { get; init; }
    public int UsageCount { get; init; }
}
