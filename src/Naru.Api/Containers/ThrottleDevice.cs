namespace Naru.Api;

/// <summary>A block device's limit, in bytes or operations a second.</summary>
public sealed record ThrottleDevice
{
    public string Path { get; init; } = "";
    public ulong Rate { get; init; }
}
