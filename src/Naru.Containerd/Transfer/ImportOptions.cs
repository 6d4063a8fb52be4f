using Naru.Oci;

namespace Naru.Containerd;

/// <summary>What an import is to do.</summary>
public sealed record ImportOptions
{
    /// <summary>A name for the archive's index as a whole; empty for none.</summary>
    public string IndexName { get; init; } = string.Empty;

    public IReadOnlyList<ImportName> Names { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Unpack the layers for this platform into snapshots; null leaves them packed.</summary>
    public Platform? Unpack { get; init; }
}
