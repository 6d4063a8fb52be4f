namespace Naru.HubServer.Site.Models;

/// <summary>The page of one repository.</summary>
internal sealed record RepositoryModel
{
    public required RepositoryCard Card { get; init; }

    /// <summary>Markdown, as its owner wrote it.</summary>
    public string Readme { get; init; } = "";

    /// <summary>Where the image says that it was made from; null where it does not.</summary>
    public string? Source { get; init; }

    public IReadOnlyList<TagRow> Tags { get; init; } = [];

    public long TagCount { get; init; }

    /// <summary>Counts from 1.</summary>
    public int Page { get; init; } = 1;

    public bool More { get; init; }

    /// <summary>Only tags whose name holds this.</summary>
    public string Filter { get; init; } = "";

    /// <summary>The tag that the pull command names; null for a repository without tags.</summary>
    public string? PullTag { get; init; }

    /// <summary>Bytes of all its blobs, each counted once.</summary>
    public long Size { get; init; }

    /// <summary>The viewer may change the repository's page and who may do what.</summary>
    public bool MayAdminister { get; init; }
}
