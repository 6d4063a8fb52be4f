namespace Naru.HubServer.Site.Models;

/// <summary>The people of an organisation and its teams.</summary>
internal sealed record TeamsModel
{
    public required string Organisation { get; init; }

    public IReadOnlyList<MemberRow> Members { get; init; } = [];

    public IReadOnlyList<TeamRow> Teams { get; init; } = [];

    public string? Failure { get; init; }
}
