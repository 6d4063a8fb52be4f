namespace Naru.Rpc;

/// <summary>The names that containerd's calls carry besides their messages.</summary>
public static class Metadata
{
    /// <summary>The namespace of a ttrpc call.</summary>
    public const string Namespace = "containerd-namespace-ttrpc";

    /// <summary>The namespace of a gRPC call.</summary>
    public const string GrpcNamespace = "containerd-namespace";

    /// <summary>How the name of an import's stream begins that is a named pipe's path: between narud and naru-containerd alone.</summary>
    public const string PipeScheme = "fifo:";

    /// <summary>The lease that a gRPC call's new resources belong to.</summary>
    public const string GrpcLease = "containerd-lease";

    /// <summary>Label of a Prepare, as remote snapshotters know it: the committed snapshot that is wanted. One that has it already answers AlreadyExists.</summary>
    public const string SnapshotTarget = "containerd.io/snapshot.ref";

    /// <summary>Label beside <see cref="SnapshotTarget"/>: the committed snapshot whose files it is to have. naru-containerd shares them; others do not know the label and prepare an empty one.</summary>
    public const string SnapshotSource = "naru.snapshot.files-of";
}
