namespace Naru.HubServer.Site.Models;

/// <summary>The files of one folder of a layer.</summary>
internal sealed record FilesModel
{
    public required string LayerDigest { get; init; }

    /// <summary>The folder, without slashes at its ends; empty for the root.</summary>
    public string Folder { get; init; } = "";

    public IReadOnlyList<FileRow> Entries { get; init; } = [];

    /// <summary>There are more entries than are shown.</summary>
    public bool Cut { get; init; }

    /// <summary>Why there is nothing to show: the layer is not indexed yet, or cannot be.</summary>
    public string? Failure { get; init; }
}
