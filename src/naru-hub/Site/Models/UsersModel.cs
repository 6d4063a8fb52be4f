namespace Naru.HubServer.Site.Models;

/// <summary>All accounts, a page at a time.</summary>
internal sealed record UsersModel(IReadOnlyList<UserRow> Users, string Filter, int Page, bool More, string? Failure = null)
{
    /// <summary>Anybody may make an account.</summary>
    public bool SignUpOpen { get; init; }

    /// <summary>What the form of a new user holds when it comes back.</summary>
    public SignModel New { get; init; } = new();
}
