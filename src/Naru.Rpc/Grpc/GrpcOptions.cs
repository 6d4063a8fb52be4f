namespace Naru.Rpc.Grpc;

/// <summary>What a call to containerd carries in its headers. Deadlines are the caller's CancellationToken.</summary>
public sealed record GrpcOptions(string? Namespace, string? Lease = null);
