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
        Host = Flags.List("host", 'H', "Daemon socket to connect to");
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

    public ListFlag Host { get; }

    public ValueFlag<string> LogLevel { get; }

    public ValueFlag<bool> Tls { get; }

    public ValueFlag<bool> TlsVerify { get; }

    public ValueFlag<string> TlsAuthority { get; }

    public ValueFlag<string> TlsCertificate { get; }

    public ValueFlag<string> TlsKey { get; }

    public bool ShowVersion => version.Value;
}
