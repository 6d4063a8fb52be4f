namespace Naru.Api;

/// <summary>What a volume holds; -1 where the driver cannot tell.</summary>
public sealed record VolumeUsage
{
    public long RefCount { get; init; }
    public long Size { get; init; }
}
