using Naru.Base;
using Naru.Base.Flags;

namespace Naru.HubServer.Configuration;

/// <summary>What every command takes: where the hub's data is. A server takes more: <see cref="ServeFlags"/>.</summary>
internal class HubFlags
{
    public const string DefaultFile = "/etc/naru/hub.json";

    public HubFlags()
    {
        ConfigFile = All.String("config", null, "Configuration file: the same names as these flags, in JSON", DefaultFile);
        Data = All.String("data", null, "Folder of what lasts", "/var/lib/naru-hub");
        Storage = new StorageFlags(All);
        LogLevel = All.String("log-level", null, "Least severe log line: debug, info, warn, error", "info");
        LogFormat = All.String("log-format", null, "How log lines are written: text or json", "text");
    }

    public FlagSet All { get; } = new();

    public ValueFlag<string> ConfigFile { get; }

    public ValueFlag<string> Data { get; }

    public StorageFlags Storage { get; }

    public ValueFlag<string> LogLevel { get; }

    public ValueFlag<string> LogFormat { get; }

    /// <summary>Reads the command line, then the file for what the command line does not say.</summary>
    /// <exception cref="NaruException">InvalidArgument.</exception>
    public List<string> Parse(IReadOnlyList<string> words)
    {
        List<string> positionals;
        try
        {
            positionals = All.Parse(words);
        }
        catch (FlagException e)
        {
            throw NaruException.Invalid(e.Message);
        }

        if (!All.HelpWanted)
        {
            ConfigurationFile.Apply(ConfigFile, ConfigFile.Changed, All);
            Log.Level = LogLevel.Value switch
            {
                "debug" => Naru.Base.LogLevel.Debug,
                "info" => Naru.Base.LogLevel.Info,
                "warn" => Naru.Base.LogLevel.Warn,
                "error" => Naru.Base.LogLevel.Error,
                _ => throw NaruException.Invalid($"not a valid log level: \"{LogLevel.Value}\""),
            };
            Log.Form = LogFormat.Value switch
            {
                "text" => null,
                "json" => Operation.LogLines.Json,
                _ => throw NaruException.Invalid($"not a valid log format: \"{LogFormat.Value}\": it must be text or json"),
            };
        }

        return positionals;
    }
}
