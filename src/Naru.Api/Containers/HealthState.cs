namespace Naru.Api;

/// <summary>What a container's health check found.</summary>
public sealed record HealthState
{
    /// <summary>none, starting, healthy or unhealthy.</summary>
    public string Status { get; init; } = "";

    /// <summary>Failures in a row.</summary>
    public int FailingStreak { get; init; }

    /// <summary>The last five, oldest first.</summary>
    public IReadOnlyList<HealthProbe>? Log { get; init; } = [];
}
