namespace Naru.Api;

/// <summary>GET /system/df.</summary>
public sealed record DiskUsageReport
{
    public long LayersSize { get; init; }
    public IReadOnlyList<ImageSummary>? Images { get; init; }
    public IReadOnlyList<ContainerSummary>? Containers { get; init; }
    public IReadOnlyList<Volume>? Volumes { get; init; }

    /// <summary>Always empty: this engine builds nothing itself.</summary>
    public IReadOnlyList<BuildCacheRecord>? BuildCache { get; init; }
}
