using Naru.Hub.Accounts.Passwords;

namespace Naru.Hub.Accounts;

/// <summary>What whoever runs the registry decides about accounts.</summary>
public sealed record AccountOptions
{
    /// <summary>No accounts: everybody may do everything.</summary>
    public bool Open { get; init; }

    /// <summary>Manifests that an address may fetch within <see cref="PullWindow"/> without signing in; 0 is any number.</summary>
    public int PullsOfNobody { get; init; }

    /// <summary>Manifests that an account may fetch; 0 is any number.</summary>
    public int PullsOfUser { get; init; }

    public TimeSpan PullWindow { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Uploads that an account may have open at once.</summary>
    public int OpenUploads { get; init; } = 1000;

    /// <summary>Bytes of distinct blobs that an account may hold; 0 is any amount.</summary>
    public long Quota { get; init; }

    /// <summary>How long the audit trail goes back.</summary>
    public TimeSpan AuditKept { get; init; } = TimeSpan.FromDays(365);

    /// <summary>How much work a password is, in PBKDF2's rounds.</summary>
    internal int PasswordRounds { get; init; } = PasswordHash.Recommended;
}
