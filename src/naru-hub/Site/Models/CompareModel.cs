namespace Naru.HubServer.Site.Models;

/// <summary>Two images of a repository, side by side.</summary>
internal sealed record CompareModel
{
    public required string Repository { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Null until both are chosen.</summary>
    public ComparedModel? Compared { get; init; }
}
