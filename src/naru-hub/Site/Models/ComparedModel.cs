namespace Naru.HubServer.Site.Models;

/// <summary>What is different between two images.</summary>
internal sealed record ComparedModel
{
    public required string Platform { get; init; }

    public long FromSize { get; init; }

    public long ToSize { get; init; }

    /// <summary>Layers, bottom first: those of both, then those of one.</summary>
    public IReadOnlyList<ComparedLayer> Layers { get; init; } = [];

    /// <summary>Values of the config that are not the same.</summary>
    public IReadOnlyList<ComparedValue> Config { get; init; } = [];

    /// <summary>Files that are not the same.</summary>
    public IReadOnlyList<ComparedFile> Files { get; init; } = [];

    public bool FilesCut { get; init; }

    /// <summary>Why files cannot be compared.</summary>
    public string? Failure { get; init; }
}
