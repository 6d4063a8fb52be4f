namespace Naru.HubServer.Site.Models;

/// <summary>A step of an image's making: a layer with the instruction that made it, or an instruction that made none.</summary>
internal sealed record LayerRow
{
    /// <summary>Null where the instruction changed only the config.</summary>
    public string? Digest { get; init; }

    /// <summary>Compressed bytes.</summary>
    public long Size { get; init; }

    /// <summary>The Dockerfile's word: RUN, COPY, ENV; empty where it is not known.</summary>
    public string Word { get; init; } = "";

    /// <summary>What follows the word.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>Files that it adds, changes and hides; null while the layer's files are not indexed.</summary>
    public LayerCounts? Counts { get; init; }
}
