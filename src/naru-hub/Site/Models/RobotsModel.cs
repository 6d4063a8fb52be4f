namespace Naru.HubServer.Site.Models;

/// <summary>The robots of a person or an organisation.</summary>
internal sealed record RobotsModel
{
    /// <summary>Whose they are; a robot signs in as <c>account+robot</c>.</summary>
    public required string Account { get; init; }

    public IReadOnlyList<TokenRow> Robots { get; init; } = [];

    /// <summary>The name that a robot which was just made signs in with.</summary>
    public string? NewName { get; init; }

    /// <summary>Its secret: shown now and never again.</summary>
    public string? NewToken { get; init; }

    public string? Failure { get; init; }
}
