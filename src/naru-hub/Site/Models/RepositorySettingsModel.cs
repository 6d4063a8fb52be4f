namespace Naru.HubServer.Site.Models;

/// <summary>What the administrators of a repository may change.</summary>
internal sealed record RepositorySettingsModel
{
    public required string Name { get; init; }

    public string Description { get; init; } = "";

    public string Readme { get; init; } = "";

    public bool Private { get; init; }

    public IReadOnlyList<MemberRow> Collaborators { get; init; } = [];

    public IReadOnlyList<WebhookRow> Webhooks { get; init; } = [];

    public string? Failure { get; init; }
}
