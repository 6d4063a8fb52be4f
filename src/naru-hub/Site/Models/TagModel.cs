namespace Naru.HubServer.Site.Models;

/// <summary>The page of one image: a tag's, or a digest's, for one of its platforms.</summary>
internal sealed record TagModel
{
    public required string Repository { get; init; }

    /// <summary>The tag or the digest that was asked for.</summary>
    public required string Reference { get; init; }

    /// <summary>The digest that the reference stands for: of an index, or of a manifest.</summary>
    public required string Digest { get; init; }

    /// <summary>The manifest that is shown.</summary>
    public required PlatformRow Shown { get; init; }

    public required string MediaType { get; init; }

    public DateTime Pushed { get; init; }

    public DateTime? Created { get; init; }

    public IReadOnlyList<PlatformRow> Platforms { get; init; } = [];

    public IReadOnlyList<LayerRow> Layers { get; init; } = [];

    public IReadOnlyList<ConfigRow> Config { get; init; } = [];

    /// <summary>Variables of its environment, as NAME=VALUE.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Labels and annotations.</summary>
    public IReadOnlyList<ConfigRow> Labels { get; init; } = [];

    public IReadOnlyList<ReferrerRow> Referrers { get; init; } = [];

    /// <summary>The layer whose files are shown, and its files; null where none are.</summary>
    public FilesModel? Files { get; init; }

    /// <summary>The viewer may take the tag away.</summary>
    public bool MayDelete { get; init; }

    /// <summary>Other tags, to compare this one with.</summary>
    public IReadOnlyList<string> OtherTags { get; init; } = [];
}
