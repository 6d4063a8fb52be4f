namespace Naru.Api;

/// <summary>When the engine starts a container again: "no", "always", "unless-stopped", "on-failure".</summary>
public sealed record RestartPolicy
{
    public string Name { get; init; } = "";
    public int MaximumRetryCount { get; init; }
}
