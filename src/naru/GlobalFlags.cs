using Naru.Cli.Config;

namespace Naru.Cli;

/// <summary>The flags that stand before the command.</summary>
internal sealed class GlobalFlags
{
    private readonly ValueFlag<string> config;
    private readonly ValueFlag<bool> version;

    public GlobalFlags()
    {
        Flags.Interspersed = false;
        var folder = ConfigFolder.Default;
        config = Flags.String("config", null, "Location of client config files", folder);
        Context = Flags.String("context", 'c', "Name of the context to use to connect to the daemon (overrides DOCKER_HOST env var and default context set with \"docker context use\")");
        Debug = Flags.Bool("debug", 'D', "Enable debug mode");
        Host = Flags.String("host", 'H', "Daemon socket to connect to", validate: host => Host!.Changed ? throw new FlagException("specify only one -H") : host);
        LogLevel = Flags.String("log-level", 'l', "Set the logging level (\"debug\", \"info\", \"warn\", \"error\", \"fatal\")", "info");
        Tls = Flags.Bool("tls", null, "Use TLS; implied by --tlsverify");
        TlsVerify = Flags.Bool("tlsverify", null, "Use TLS and verify the remote");
        var certificates = Environment.GetEnvironmentVariable("DOCKER_CERT_PATH") is { Length: > 0 } path ? path : folder;
        TlsAuthority = Flags.String("tlscacert", null, "Trust certs signed only by this CA", Path.Combine(certificates, "ca.pem"));
        TlsCertificate = Flags.String("tlscert", null, "Path to TLS certificate file", Path.Combine(certificates, "cert.pem"));
        TlsKey = Flags.String("tlskey", null, "Path to TLS key file", Path.Combine(certificates, "key.pem"));
        version = Flags.Bool("version", 'v', "Print version information and quit");
    }

    public FlagSet Flags { get; } = new();

    public string ConfigPath => config.Value;

    public ValueFlag<string> Context { get; }

    public ValueFlag<bool> Debug { get; }

    public ValueFlag<string> Host { get; }

    public ValueFlag<string> LogLevel { get; }

    public ValueFlag<bool> Tls { get; }

    public ValueFlag<bool> TlsVerify { get; }

    public ValueFlag<string> TlsAuthority { get; }

    public ValueFlag<string> TlsCertificate { get; }

    public ValueFlag<string> TlsKey { get; }

    /// <summary>True when requests are to be logged.</summary>
    public bool Traces => (LogLevel.Changed || Debug) && Log.Level == Base.LogLevel.Debug;

    public bool ShowVersion => version.Value;

    /// <summary>Takes -D and --log-level to the log, which goes to standard error.</summary>
    /// <exception cref="ExitException">There is no such level.</exception>
    public void ApplyLogLevel()
    {
        if (!LogLevel.Changed && !Debug)
            return;
        Log.Level = Debug ? Base.LogLevel.Debug : LogLevel.Value switch
        {
            "trace" or "debug" => Base.LogLevel.Debug,
            "info" => Base.LogLevel.Info,
            "warn" or "warning" => Base.LogLevel.Warn,
            "error" or "fatal" or "panic" => Base.LogLevel.Error,
            _ => throw new ExitException(1, $"Unable to parse logging level: {LogLevel.Value}"),
        };
    }
}
