namespace Naru.Api;

/// <summary>One run of a health check.</summary>
public sealed record HealthProbe
{
    public string Start { get; init; } = "";
    public string End { get; init; } = "";

    /// <summary>0 healthy, -1 no answer in time, anything else unhealthy.</summary>
    public int ExitCode { get; init; }

    /// <summary>Up to 4096 bytes.</summary>
    public string Output { get; init; } = "";
}
