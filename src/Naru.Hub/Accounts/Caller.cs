namespace Naru.Hub.Accounts;

/// <summary>Who sent a request, as far as is known.</summary>
/// <param name="Account">The account's number; null for somebody who did not sign in.</param>
/// <param name="Name">The account's name.</param>
/// <param name="Admin">May do everything to everything.</param>
/// <param name="Address">Where the request came from, for limits and the audit trail.</param>
public sealed record Caller(long? Account, string? Name, bool Admin, string Address)
{
    /// <summary>Nobody in particular.</summary>
    public static Caller Anonymous(string address) => new(null, null, false, address);
}
