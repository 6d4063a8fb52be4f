using Naru.Oci;

namespace Naru.Engine.Images;

/// <summary>An image of this machine's platform: its documents and the names that point to it.</summary>
public sealed record LocalImage
{
    public required Digest Id { get; init; }

    /// <summary>The manifest's digest, and the target's that names point to (an index or the manifest itself).</summary>
    public required Digest Manifest { get; init; }
    public required Descriptor Target { get; init; }
    public required ImageManifest Document { get; init; }
    public required ImageConfig Config { get; init; }
    public required IReadOnlyList<string> Names { get; init; }

    public long Size => Document.Layers.Sum(layer => layer.Size) + Document.Config.Size;

    /// <summary>The topmost snapshot; empty without layers.</summary>
    public string ChainId => Config.RootFs.DiffIds.Count == 0 ? "" : Oci.ChainId.Of(Config.RootFs.DiffIds).ToString();
}
