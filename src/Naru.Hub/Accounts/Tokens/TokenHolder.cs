namespace Naru.Hub.Accounts.Tokens;

/// <summary>A stored token and the account that it acts for.</summary>
internal sealed record TokenHolder(StoredToken Token, AccountState Account)
{
    /// <summary>Whom it signs in as: its account, or <c>account+robot</c>.</summary>
    public string SignInName => Token.Kind == TokenKind.Robot ? $"{Account.Name}+{Token.Name}" : Account.Name;
}
