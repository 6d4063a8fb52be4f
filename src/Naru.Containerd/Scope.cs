namespace Naru.Containerd;

/// <summary>What every call is made in: the client's namespace, and the lease (or none) that holds what the call creates.</summary>
/// <remarks>From the headers <c>containerd-namespace</c> and <c>containerd-lease</c>.</remarks>
public readonly record struct Scope(string Namespace, string? Lease = null);
