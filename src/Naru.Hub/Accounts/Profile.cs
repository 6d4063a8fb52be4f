namespace Naru.Hub.Accounts;

/// <summary>What an account says of itself; null leaves it as it is.</summary>
public sealed record Profile(string? FullName = null, string? Email = null, bool? PrivateByDefault = null, string? Description = null);
