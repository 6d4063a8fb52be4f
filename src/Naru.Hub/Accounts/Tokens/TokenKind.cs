namespace Naru.Hub.Accounts.Tokens;

/// <summary>What a stored token is for.</summary>
public enum TokenKind
{
    /// <summary>A user's, in place of the password.</summary>
    Personal,

    /// <summary>A program's, which acts for a user or an organisation and signs in as <c>account+name</c>.</summary>
    Robot,

    /// <summary>A client's, which gets signed tokens by it and never asks for the password again.</summary>
    Refresh,
}
