using Naru.Oci;

namespace Naru.Containerd;

/// <summary>What a pull is to do.</summary>
public sealed record PullOptions
{
    /// <summary>The name that the image gets.</summary>
    public required string Name { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Which manifests of an index are fetched; empty for this machine's.</summary>
    public IReadOnlyList<Platform> Platforms { get; init; } = [];

    /// <summary>Fetch every platform.</summary>
    public bool AllPlatforms { get; init; }

    /// <summary>Unpack the layers for this platform into snapshots; null leaves them packed.</summary>
    public Platform? Unpack { get; init; }
}
