namespace Naru.HubServer.Site.Models;

/// <summary>The page of a person or of an organisation.</summary>
internal sealed record AccountModel
{
    public required string Name { get; init; }

    public string FullName { get; init; } = "";

    public string Description { get; init; } = "";

    public bool Organisation { get; init; }

    public DateTime Created { get; init; }

    public IReadOnlyList<RepositoryCard> Repositories { get; init; } = [];

    public int Page { get; init; } = 1;

    public bool More { get; init; }

    /// <summary>Members of an organisation, or organisations of a person, as far as the viewer may know.</summary>
    public IReadOnlyList<string> Related { get; init; } = [];

    /// <summary>The viewer may make teams and repositories here.</summary>
    public bool MayAdminister { get; init; }

    /// <summary>The viewer is in this organisation, and may leave it.</summary>
    public bool MayLeave { get; init; }

    /// <summary>The viewer may make repositories here.</summary>
    public bool MayCreate { get; init; }
}
