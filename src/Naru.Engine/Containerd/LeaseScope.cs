namespace Naru.Engine.Containerd;

/// <summary>A lease for as long as this stands: what calls of this flow make meanwhile is kept from garbage collection.</summary>
/// <remarks>To be made by the method that makes the calls: what another sets for its caller, the caller's flow does not see.</remarks>
public sealed class LeaseScope : IAsyncDisposable
{
    private readonly ContainerdClient containerd;
    private readonly string lease;
    private readonly string? outer;

    /// <param name="lease">A new one of <paramref name="containerd"/>, deleted in the end.</param>
    public LeaseScope(ContainerdClient containerd, string lease)
    {
        (this.containerd, this.lease, outer) = (containerd, lease, GrpcLease.Current);
        GrpcLease.Current = lease;
    }

    /// <summary>The end waits until what the lease alone held is collected.</summary>
    public bool Collects { get; set; }

    public ValueTask DisposeAsync()
    {
        GrpcLease.Current = outer;
        return new ValueTask(containerd.DeleteLease(lease, CancellationToken.None, sync: Collects));
    }
}
