namespace Naru.Hub.Accounts;

/// <summary>What somebody was given on a repository.</summary>
/// <param name="Holder">A user's name, or a team's.</param>
/// <param name="Repository">The whole name.</param>
public sealed record Right(string Holder, bool Team, string Repository, AccessLevel Level);
