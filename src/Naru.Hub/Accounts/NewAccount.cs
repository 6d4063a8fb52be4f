namespace Naru.Hub.Accounts;

/// <summary>An account to be.</summary>
public sealed record NewAccount(string Name, string FullName = "", string Email = "", bool Admin = false);
