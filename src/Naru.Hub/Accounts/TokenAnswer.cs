namespace Naru.Hub.Accounts;

/// <summary>What <c>/token</c> gives.</summary>
/// <param name="Refresh">Only where one was asked for, and the password was shown.</param>
public sealed record TokenAnswer(string Token, int ExpiresIn, DateTimeOffset Issued, string? Refresh, string Scope);
