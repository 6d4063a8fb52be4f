using Naru.Hub.Accounts.Tokens;

namespace Naru.Hub.Accounts.Signing;

/// <summary>What a signed token says.</summary>
/// <param name="Subject">The name that was signed in with; empty for nobody.</param>
/// <param name="Account">The account's number; null for nobody.</param>
/// <param name="Version">The account's version when it was issued: another one ends it.</param>
/// <param name="Token">The stored token that it was got by: it ends with it.</param>
internal sealed record Claims(string Subject, long? Account, long Version, long? Token, IReadOnlyList<ScopeAccess> Access)
{
    public DateTimeOffset Issued { get; init; }

    public DateTimeOffset Expires { get; init; }
}
