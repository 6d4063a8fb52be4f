namespace Naru.Api;

/// <summary>What this engine can be told to use, by kind; all of it built in.</summary>
public sealed record PluginsInfo
{
    public IReadOnlyList<string> Volume { get; init; } = ["local"];
    public IReadOnlyList<string> Network { get; init; } = [];
    public IReadOnlyList<string>? Authorization { get; init; }
    public IReadOnlyList<string> Log { get; init; } = [];
}
