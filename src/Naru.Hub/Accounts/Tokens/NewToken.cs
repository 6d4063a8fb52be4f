namespace Naru.Hub.Accounts.Tokens;

/// <summary>A token that was just made.</summary>
/// <param name="Secret">Shown once: only its hash is kept.</param>
public sealed record NewToken(string Secret, StoredToken Token);
