using Naru.Api;

namespace Naru.Engine.Logs;

/// <summary>The engine's own log driver and its options, for containers that leave them open.</summary>
internal static class LogDefaults
{
    /// <summary>As Docker: without a driver the engine's; its options where the container, with that driver, does not set them.</summary>
    public static HostConfig? Apply(HostConfig? asked, EngineOptions options)
    {
        var given = asked?.LogConfig;
        if (!string.IsNullOrEmpty(given?.Type) && given.Type != options.LogDriver)
            return asked;
        var config = new SortedDictionary<string, string>(options.LogOptions.ToDictionary(), StringComparer.Ordinal);
        foreach (var (name, value) in given?.Config ?? [])
            config[name] = value;
        return (asked ?? new HostConfig()) with { LogConfig = new LogConfig { Type = options.LogDriver, Config = config } };
    }
}
