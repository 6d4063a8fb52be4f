using Naru.Hub.Accounts;
using Naru.Oci;

namespace Naru.Hub.Registry;

/// <summary>A change of what a repository has.</summary>
/// <param name="Tag">The tag that was set or taken away; null when a manifest came or went by its digest.</param>
public sealed record RepositoryEvent(RepositoryEventKind Kind, Repository Repository, Caller Caller, string? Tag, Digest Digest, string? MediaType, DateTime At);
