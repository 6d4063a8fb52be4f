namespace Naru.Rpc;

/// <summary>The names of the headers that containerd's calls carry.</summary>
public static class Metadata
{
    /// <summary>The namespace of a ttrpc call.</summary>
    public const string Namespace = "containerd-namespace-ttrpc";

    /// <summary>The namespace of a gRPC call.</summary>
    public const string GrpcNamespace = "containerd-namespace";

    /// <summary>The lease that a gRPC call's new resources belong to.</summary>
    public const string GrpcLease = "containerd-lease";
}
