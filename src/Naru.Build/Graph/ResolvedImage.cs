using Naru.Oci;

namespace Naru.Build.Graph;

/// <summary>An image's documents, read before any layer of it is fetched.</summary>
public sealed record ResolvedImage
{
    /// <summary>The full reference that was asked for: <c>docker.io/library/busybox:latest</c>.</summary>
    public required string Reference { get; init; }

    /// <summary>The digest of the manifest for the one platform.</summary>
    public required Digest Manifest { get; init; }

    /// <summary>What the name points to: an index or the manifest itself.</summary>
    public required Digest Target { get; init; }

    public required ImageManifest Document { get; init; }

    public required ImageConfig Config { get; init; }

    /// <summary>True when it is in the engine's own store with its layers.</summary>
    public required bool IsLocal { get; init; }

    /// <summary>It is in a folder of the client's, not in a registry.</summary>
    public bool IsLayout { get; init; }

    /// <summary>Of layers that a cache elsewhere has: the engine's own image that they begin with; null: none.</summary>
    public ResolvedImage? Below { get; init; }

    /// <summary>Makes its layers snapshots, and says by what hidden name containerd holds them; null: they are pulled from the registry of the reference.</summary>
    public Func<CancellationToken, Task<string>>? Fetch { get; init; }
}
