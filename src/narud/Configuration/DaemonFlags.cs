using Naru.Base;
using Naru.Base.Flags;

namespace Naru.Daemon.Configuration;

/// <summary>narud's flags: dockerd's names, defaults and help, for what this engine has.</summary>
internal sealed class DaemonFlags
{
    public const string DefaultFile = "/etc/naru/daemon.json";

    public FlagSet All { get; } = new();

    public ListFlag AddRuntime { get; }
    public ValueFlag<string> Bip { get; }
    public ValueFlag<string> ConfigFile { get; }
    public ValueFlag<string> Containerd { get; }
    public ValueFlag<string> DataRoot { get; }
    public ValueFlag<bool> Debug { get; }
    public ListFlag AddressPools { get; }
    public ValueFlag<string> DefaultRuntime { get; }
    public ListFlag Dns { get; }
    public ListFlag DnsOptions { get; }
    public ListFlag DnsSearch { get; }
    public ValueFlag<string> ExecRoot { get; }
    public ValueFlag<string> Group { get; }
    public ListFlag Hosts { get; }
    public ListFlag InsecureRegistries { get; }
    public ValueFlag<bool> LiveRestore { get; }
    public ValueFlag<string> LogDriver { get; }
    public ValueFlag<string> LogLevel { get; }
    public ListFlag LogOptions { get; }
    public ValueFlag<long> Mtu { get; }
    public ValueFlag<string> PidFile { get; }
    public ListFlag RegistryMirrors { get; }
    public ValueFlag<bool> Tls { get; }
    public ValueFlag<string> TlsCaCert { get; }
    public ValueFlag<string> TlsCert { get; }
    public ValueFlag<string> TlsKey { get; }
    public ValueFlag<bool> TlsVerify { get; }
    public ValueFlag<bool> Validate { get; }
    public ValueFlag<bool> Version { get; }

    public DaemonFlags()
    {
        var certificates = Path.Combine(Environment.GetEnvironmentVariable("DOCKER_CERT_PATH") is { Length: > 0 } folder ? folder : Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/root", ".docker"));
        AddRuntime = All.List("add-runtime", null, "Register an additional OCI compatible runtime", Pair("invalid runtime argument"), "runtime", defaultText: "[]");
        Bip = All.String("bip", null, "IPv4 address for the default bridge");
        ConfigFile = All.String("config-file", null, "Daemon configuration file", DefaultFile);
        Containerd = All.String("containerd", null, "containerd grpc address; none starts one");
        DataRoot = All.String("data-root", null, "Root directory of persistent state", "/var/lib/naru");
        Debug = All.Bool("debug", 'D', "Enable debug mode");
        AddressPools = All.List("default-address-pool", null, "Default address pools for node specific local networks", type: "pool-options");
        DefaultRuntime = All.String("default-runtime", null, "Default OCI runtime for containers", "naru");
        Dns = All.List("dns", null, "DNS server to use", Address, "ipSlice", defaultText: "[]");
        DnsOptions = All.List("dns-opt", null, "DNS options to use");
        DnsSearch = All.List("dns-search", null, "DNS search domains to use");
        ExecRoot = All.String("exec-root", null, "Root directory for execution state files", "/run/naru");
        Group = All.String("group", 'G', "Group for the unix socket", "naru");
        All.Bool("help", null, "Print usage");
        Hosts = All.List("host", 'H', "Daemon socket(s) to connect to", text => ListenAddress.Parse(text).Text);
        InsecureRegistries = All.List("insecure-registry", null, "Enable insecure registry communication");
        LiveRestore = All.Bool("live-restore", null, "Containers outlive the engine; always so here", initial: true);
        LogDriver = All.String("log-driver", null, "Default driver for container logs", "json-file");
        LogLevel = All.String("log-level", 'l', "Set the logging level (\"debug\"|\"info\"|\"warn\"|\"error\"|\"fatal\")", "info");
        LogOptions = All.List("log-opt", null, "Default log driver options for containers", type: "map", defaultText: "map[]");
        Mtu = All.Int("mtu", null, "Set the MTU for the default \"bridge\" network", 1500);
        PidFile = All.String("pidfile", 'p', "Path to use for daemon PID file");
        RegistryMirrors = All.List("registry-mirror", null, "Preferred registry mirror", Mirror);
        Tls = All.Bool("tls", null, "Use TLS; implied by --tlsverify");
        TlsCaCert = All.String("tlscacert", null, "Trust certs signed only by this CA", Path.Combine(certificates, "ca.pem"));
        TlsCert = All.String("tlscert", null, "Path to TLS certificate file", Path.Combine(certificates, "cert.pem"));
        TlsKey = All.String("tlskey", null, "Path to TLS key file", Path.Combine(certificates, "key.pem"));
        TlsVerify = All.Bool("tlsverify", null, "Use TLS and verify the remote");
        Validate = All.Bool("validate", null, "Validate daemon configuration and exit");
        Version = All.Bool("version", 'v', "Print version information and quit");
    }

    public string Usage(int columns) =>
        $"\nUsage:\tnarud [OPTIONS]\n\nA self-sufficient runtime for containers.\n\nOptions:\n{FlagUsages.Format(All.All, columns)}";

    private static string Address(string text) =>
        System.Net.IPAddress.TryParse(text, out _) ? text : throw new FlagException($"invalid string being converted to IP address: {text}");

    /// <summary>A mirror's address with a slash at its end; refusals in dockerd's words.</summary>
    private static string Mirror(string text)
    {
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var mirror) || mirror.Host.Length == 0)
            throw new FlagException($"invalid mirror: \"{text}\" is not a valid URI");
        if (mirror.Scheme is not ("http" or "https"))
            throw new FlagException($"invalid mirror: unsupported scheme \"{mirror.Scheme}\" in \"{text}\"");
        if (mirror.UserInfo.Length > 0)
            throw new FlagException($"invalid mirror: username/password not allowed in URI \"{mirror.Scheme}://xxxxx@{mirror.Authority}\"");
        return mirror.PathAndQuery == "/" && mirror.Fragment.Length == 0 ? mirror.AbsoluteUri
            : throw new FlagException($"invalid mirror: path, query, or fragment at end of the URI \"{text}\"");
    }

    private static Func<string, string> Pair(string problem) => text =>
        text.IndexOf('=') is var at && at > 0 && at < text.Length - 1 ? text : throw new FlagException($"{problem}: {text}");
}
