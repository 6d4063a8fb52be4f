namespace Naru.HubServer.Site.Models;

/// <summary>A person's own settings: all four of their pages.</summary>
internal sealed record SettingsModel
{
    public required string Name { get; init; }

    public string FullName { get; init; } = "";

    public string Email { get; init; } = "";

    public IReadOnlyList<TokenRow> Tokens { get; init; } = [];

    /// <summary>A token that was just made: shown now and never again.</summary>
    public string? NewToken { get; init; }

    public IReadOnlyList<LoginRow> Logins { get; init; } = [];

    /// <summary>What was wrong with what was sent.</summary>
    public string? Failure { get; init; }
}
