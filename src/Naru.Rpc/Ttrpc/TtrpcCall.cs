namespace Naru.Rpc.Ttrpc;

/// <summary>One call as its handler sees it. <paramref name="cancellation"/> is the caller's deadline or the end of its connection.</summary>
public sealed class TtrpcCall(Request request, CancellationToken cancellation)
{
    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>The caller's containerd namespace; empty when it named none.</summary>
    public string Namespace { get; } = request.Metadata.FirstOrDefault(pair => pair.Key == Metadata.Namespace)?.Value ?? "";
}
