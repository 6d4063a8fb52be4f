namespace Naru.HubServer.Site.Models;

/// <summary>A repository in a list.</summary>
internal sealed record RepositoryCard
{
    public required string Name { get; init; }

    public string Description { get; init; } = "";

    public bool Private { get; init; }

    /// <summary>Copied from another registry as it is asked for.</summary>
    public bool Mirror { get; init; }

    public long Pulls { get; init; }

    public DateTime? Pushed { get; init; }
}
