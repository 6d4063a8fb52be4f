namespace Naru.Hub.Accounts;

/// <summary>What would go with an account.</summary>
/// <param name="Organisations">Those that it is the only owner of, which must get another one first.</param>
public sealed record AccountContents(long Repositories, long Tokens, IReadOnlyList<string> Organisations);
