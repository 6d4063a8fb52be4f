namespace Naru.HubServer.Site.Models;

/// <summary>What the owners of an organisation may change.</summary>
internal sealed record OrganisationModel
{
    public required string Name { get; init; }

    public string FullName { get; init; } = "";

    public string Description { get; init; } = "";

    public string Email { get; init; } = "";

    /// <summary>A first push makes a private repository.</summary>
    public bool PrivateByDefault { get; init; }

    public required QuotaModel Quota { get; init; }

    /// <summary>How many repositories would go with it.</summary>
    public long Repositories { get; init; }

    public string? Failure { get; init; }
}
