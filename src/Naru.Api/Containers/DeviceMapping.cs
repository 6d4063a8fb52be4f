namespace Naru.Api;

/// <summary>A device of the host and where the container sees it.</summary>
public sealed record DeviceMapping
{
    public string PathOnHost { get; init; } = "";
    public string PathInContainer { get; init; } = "";
    /// <summary>Some of r, w and m.</summary>
    public string CgroupPermissions { get; init; } = "";
}
