namespace Naru.HubServer.Site.Models;

/// <summary>A file or folder of a layer.</summary>
internal sealed record FileRow
{
    /// <summary>Its last part, or its whole path where a filter found it.</summary>
    public required string Name { get; init; }

    public required string Path { get; init; }

    public required FileChange Change { get; init; }

    public bool Folder { get; init; }

    /// <summary>Bytes; of a folder, all below it in this layer.</summary>
    public long Size { get; init; }

    /// <summary>As <c>ls -l</c> shows it: <c>-rwxr-xr-x</c>.</summary>
    public string Mode { get; init; } = "";

    /// <summary>Where a link points.</summary>
    public string? Target { get; init; }
}
