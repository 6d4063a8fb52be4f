namespace Naru.HubServer.Site.Models;

/// <summary>One account, for those who run the registry.</summary>
internal sealed record AccountAdminModel
{
    public required UserRow User { get; init; }

    public required QuotaModel Quota { get; init; }

    /// <summary>Its own limit as it was written; empty where the registry's own holds.</summary>
    public string OwnLimit { get; init; } = "";

    public long Repositories { get; init; }

    public long Tokens { get; init; }

    public string? Failure { get; init; }
}
