namespace Naru.Engine.Containerd;

/// <summary>The lease that calls of this flow run under: what they make is kept from garbage collection until the lease is deleted.</summary>
public static class GrpcLease
{
    private static readonly AsyncLocal<string?> Flow = new();

    public static string? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }
}
