namespace Naru.Rpc.Grpc;

/// <summary>What a call carries in its headers: containerd's two, and any others. Deadlines are the caller's CancellationToken.</summary>
public sealed record GrpcOptions(string? Namespace = null, string? Lease = null)
{
    /// <summary>Between the values of one header, until <see cref="HeaderSplitter"/> sends each as a header of its own.</summary>
    internal const char Separator = '\u001f';

    /// <summary>Further headers: ASCII in lower case, each with its values, printable ASCII too.</summary>
    /// <remarks>More than one value needs a channel over a stream.</remarks>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Headers { get; init; }
}
