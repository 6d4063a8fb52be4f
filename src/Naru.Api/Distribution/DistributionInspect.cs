namespace Naru.Api;

/// <summary>GET /distribution/{name}/json: what a registry has under a name.</summary>
public sealed record DistributionInspect
{
    public DistributionDescriptor Descriptor { get; init; } = new();
    public IReadOnlyList<DistributionPlatform> Platforms { get; init; } = [];
}
