namespace Naru.HubServer.Site.Models;

/// <summary>A person's own settings: profile, password, tokens, sessions.</summary>
internal sealed record SettingsModel
{
    public required string Name { get; init; }

    public string FullName { get; init; } = "";

    public string Description { get; init; } = "";

    public string Email { get; init; } = "";

    /// <summary>Null where the page does not say.</summary>
    public QuotaModel? Quota { get; init; }

    /// <summary>A first push makes a private repository.</summary>
    public bool PrivateByDefault { get; init; }

    public IReadOnlyList<TokenRow> Tokens { get; init; } = [];

    /// <summary>A token that was just made: shown now and never again.</summary>
    public string? NewToken { get; init; }

    public IReadOnlyList<LoginRow> Logins { get; init; } = [];

    /// <summary>What was wrong with what was sent.</summary>
    public string? Failure { get; init; }
}
