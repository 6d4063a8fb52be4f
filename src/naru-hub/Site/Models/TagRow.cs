namespace Naru.HubServer.Site.Models;

/// <summary>A tag in a repository's list.</summary>
internal sealed record TagRow
{
    public required string Name { get; init; }

    public required string Digest { get; init; }

    public DateTime Pushed { get; init; }

    /// <summary>The platforms it holds, the largest number of bytes first to come by.</summary>
    public IReadOnlyList<PlatformRow> Platforms { get; init; } = [];

    /// <summary>What kind of thing it is, where it is no image: its artifact type.</summary>
    public string? ArtifactType { get; init; }
}
