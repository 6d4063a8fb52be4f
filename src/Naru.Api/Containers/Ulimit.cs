namespace Naru.Api;

/// <summary>A resource limit by its short name ("nofile").</summary>
public sealed record Ulimit
{
    public string Name { get; init; } = "";
    public long Hard { get; init; }
    public long Soft { get; init; }
}
