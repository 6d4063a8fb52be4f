namespace Naru.Api;

/// <summary>Where a container's port is published on the host; an empty port lets the engine choose.</summary>
public sealed record PortBinding
{
    public string HostIp { get; init; } = "";
    public string HostPort { get; init; } = "";
}
