namespace Naru.Hub.Accounts;

/// <summary>Who sent a request, as far as is known.</summary>
/// <param name="Account">The account's number; null for somebody who did not sign in.</param>
/// <param name="Name">The account's name; a robot's is <c>account+robot</c>.</param>
/// <param name="Admin">May do everything to everything, as far as <see cref="Allowance"/> goes.</param>
/// <param name="Address">Where the request came from, for limits and the audit trail.</param>
public sealed record Caller(long? Account, string? Name, bool Admin, string Address)
{
    /// <summary>How the caller showed who it is.</summary>
    public Credential Credential { get; init; }

    /// <summary>What that credential may be used for; the account may be allowed more.</summary>
    public Allowance Allowance { get; init; } = Allowance.Everything;

    /// <summary>The stored token's number, when one was shown.</summary>
    public long? Token { get; init; }

    /// <summary>Nobody in particular.</summary>
    public static Caller Anonymous(string address) => new(null, null, false, address);

    /// <summary>Who runs the program on the machine itself: commands and upkeep.</summary>
    public static Caller Operator { get; } = new(null, "operator", true, "local") { Credential = Credential.Machine };

    /// <summary>May change accounts, organisations, teams and tokens, as far as the account itself may.</summary>
    public bool MayManage => Allowance.Account && (Account is not null || Credential == Credential.Machine);
}
