namespace Naru.Hub.Accounts.Browsers;

/// <summary>A browser that just signed in.</summary>
/// <param name="Cookie">The cookie's value: only its hash is kept.</param>
public sealed record NewLogin(string Cookie, string Account, DateTime Expires);
