namespace Naru.Hub.Accounts.Browsers;

/// <summary>Whose browser a cookie is.</summary>
/// <param name="Login">As <see cref="Browsers.Login.Id"/>.</param>
/// <param name="Form">What its forms must carry.</param>
public sealed record SignedIn(Caller Caller, string Login, string Form);
