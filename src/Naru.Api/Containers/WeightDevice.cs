namespace Naru.Api;

/// <summary>A block device's share of I/O.</summary>
public sealed record WeightDevice
{
    public string Path { get; init; } = "";
    public int Weight { get; init; }
}
