namespace Naru.Api;

/// <summary>A wish for devices that a driver fulfils (--gpus).</summary>
public sealed record DeviceRequest
{
    public string Driver { get; init; } = "";
    /// <summary>-1 is all.</summary>
    public int Count { get; init; }
    public IReadOnlyList<string>? DeviceIDs { get; init; }
    public IReadOnlyList<IReadOnlyList<string>>? Capabilities { get; init; }
    public SortedDictionary<string, string>? Options { get; init; }
}
