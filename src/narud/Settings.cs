using Naru.Base;
using Naru.Engine;

namespace Naru.Daemon;

/// <summary>narud's command line.</summary>
internal sealed record Settings
{
    private const string Usage = """
        Usage:  narud [OPTIONS]

        A self-sufficient runtime for containers.

        Options:
              --add-runtime NAME=PATH      Register an additional OCI compatible runtime
              --containerd ADDRESS         containerd gRPC address
              --data-root PATH             Root directory of persistent state (default "/var/lib/naru")
          -D, --debug                      Enable debug mode
              --default-runtime NAME       Default OCI runtime for containers (default "naru")
              --exec-root PATH             Root directory for execution state files (default "/run/naru")
          -H, --host ADDRESS               Socket to listen on (default "unix:///var/run/naru.sock")
              --insecure-registry HOST     Enable insecure registry communication
          -l, --log-level LEVEL            debug, info, warn or error (default "info")
          -p, --pidfile FILE               Path to use for the process' PID file
          -v, --version                    Print version information and quit
        """;

    public required EngineOptions Engine { get; init; }
    public required IReadOnlyList<string> Hosts { get; init; }
    public string? PidFile { get; init; }
    public LogLevel Level { get; init; } = LogLevel.Info;

    /// <returns>Null when help or the version was asked for, and printed.</returns>
    /// <exception cref="NaruException">InvalidArgument.</exception>
    public static Settings? Parse(string[] arguments)
    {
        var engine = new EngineOptions();
        List<string> hosts = [], insecure = [];
        Dictionary<string, string> runtimes = [];
        string? pidFile = null;
        var level = LogLevel.Info;
        for (var at = 0; at < arguments.Length; at++)
        {
            var (name, value) = arguments[at].StartsWith("--", StringComparison.Ordinal) && arguments[at].IndexOf('=') is > 0 and var equals
                ? (arguments[at][..equals], arguments[at][(equals + 1)..]) : (arguments[at], null);
            string Value() => value ?? (++at < arguments.Length ? arguments[at] : throw NaruException.Invalid($"flag needs an argument: {name}"));
            switch (name)
            {
                case "-h" or "--help":
                    Console.WriteLine(Usage);
                    return null;
                case "-v" or "--version":
                    Console.WriteLine($"Naru version {EngineOptions.EngineVersion}");
                    return null;
                case "-H" or "--host": hosts.Add(Socket(Value())); break;
                case "--data-root": engine = engine with { DataRoot = Path.GetFullPath(Value()) }; break;
                case "--exec-root": engine = engine with { ExecRoot = Path.GetFullPath(Value()) }; break;
                case "--containerd": engine = engine with { Containerd = Value() }; break;
                case "--default-runtime": engine = engine with { DefaultRuntime = Value() }; break;
                case "--insecure-registry": insecure.Add(Value()); break;
                case "--add-runtime":
                    var pair = Value().Split('=', 2);
                    runtimes[pair[0]] = pair.Length == 2 ? pair[1] : throw NaruException.Invalid("invalid value for --add-runtime: it must be NAME=PATH");
                    break;
                case "-p" or "--pidfile": pidFile = Value(); break;
                case "-D" or "--debug":
                    engine = engine with { Debug = true };
                    level = LogLevel.Debug;
                    break;
                case "-l" or "--log-level":
                    level = Value() switch { "debug" => LogLevel.Debug, "info" => LogLevel.Info, "warn" => LogLevel.Warn, "error" or "fatal" => LogLevel.Error, var other => throw NaruException.Invalid($"invalid logging level: {other}") };
                    break;
                default: throw NaruException.Invalid($"unknown flag: {name}\nSee 'narud --help'.");
            }
        }

        return new Settings { Engine = engine with { Runtimes = runtimes, InsecureRegistries = insecure }, Hosts = hosts.Count > 0 ? hosts : ["/var/run/naru.sock"], PidFile = pidFile, Level = level };
    }

    private static string Socket(string address)
    {
        if (address.StartsWith("unix://", StringComparison.Ordinal))
            return address[7..];
        throw NaruException.Invalid($"invalid listening address {address}: only unix:// is supported");
    }
}
