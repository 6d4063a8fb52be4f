using Naru.Hub.Registry;

namespace Naru.Hub.Accounts;

/// <summary>What somebody's account may do to a repository that exists.</summary>
internal sealed record Standing(Repository Repository, AccessLevel Level);
