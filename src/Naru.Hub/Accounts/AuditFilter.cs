namespace Naru.Hub.Accounts;

/// <summary>Which entries of the audit trail are asked for; null is any.</summary>
/// <param name="Account">Who did it.</param>
/// <param name="Target">The repository or account that it was done to.</param>
/// <param name="About">An account: what it and its robots did, and what was done to it and its repositories. It goes before the two others.</param>
/// <param name="Action">A word of <see cref="AuditAction"/>.</param>
/// <param name="Before">Only entries before this one: the last number of the page before.</param>
public sealed record AuditFilter(string? Account = null, string? Target = null, string? About = null, string? Action = null, long? Before = null);
