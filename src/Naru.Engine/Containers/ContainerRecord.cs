using System.Text.Json.Serialization;
using Naru.Api;

namespace Naru.Engine.Containers;

/// <summary>All that is known of a container across restarts: DATA/containers/ID/container.json.</summary>
public sealed record ContainerRecord
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required DateTime Created { get; init; }

    /// <summary>The image's config digest (its id), and the manifest it came from.</summary>
    public required string ImageId { get; init; }
    public string ManifestDigest { get; init; } = "";

    /// <summary>Top of the image's layers: the parent of the container's snapshot; empty for an image without layers.</summary>
    public string ChainId { get; init; } = "";

    public required ContainerConfig Config { get; init; }
    public required HostConfig HostConfig { get; init; }
    public SortedDictionary<string, EndpointSettings?> Endpoints { get; init; } = [];
    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];
    public int RestartCount { get; init; }

    /// <summary>Somebody stopped it: unless-stopped keeps it stopped over the engine's restarts.</summary>
    public bool ManuallyStopped { get; init; }
    public StateRecord State { get; init; } = new();

    /// <summary>The addresses and ports of the running network sandbox; empty when none.</summary>
    public SandboxRecord? Sandbox { get; init; }

    [JsonIgnore]
    public IReadOnlyList<string> CommandLine => [.. Config.Entrypoint ?? [], .. Config.Cmd ?? []];
}
