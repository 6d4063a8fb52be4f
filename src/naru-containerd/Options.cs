using Naru.Base;

namespace Naru.ContainerdDaemon;

/// <summary>The command line: <c>naru-containerd [--root R] [--state S] [--address SOCKET] [--log-level L]</c>.</summary>
internal sealed record Options
{
    public const string Usage = """
        Usage: naru-containerd [OPTIONS]

        The supervisor of Naru's containers: content, images, snapshots and tasks, over containerd's gRPC API.

        Options:
              --address string     Socket to serve on (default "/run/naru/containerd/containerd.sock")
              --log-level string   Least severe log line: debug, info, warn, error (default "info")
              --root string        Folder of what lasts (default "/var/lib/naru/containerd")
              --state string       Folder of what runs (default "/run/naru/containerd")
              --version            Show the version
        """;

    public string Root { get; private init; } = "/var/lib/naru/containerd";

    public string State { get; private init; } = "/run/naru/containerd";

    public string Address { get; private init; } = "/run/naru/containerd/containerd.sock";

    public LogLevel Level { get; private init; } = LogLevel.Info;

    /// <exception cref="NaruException">InvalidArgument: an unknown flag, or a bad or missing value.</exception>
    public static Options Parse(string[] arguments)
    {
        var options = new Options();
        for (var i = 0; i < arguments.Length; i++)
        {
            var parts = arguments[i].Split('=', 2);
            var value = parts.Length == 2 ? parts[1] : i + 1 < arguments.Length ? arguments[++i] : throw NaruException.Invalid($"flag needs an argument: {parts[0]}");
            options = parts[0] switch
            {
                "--root" => options with { Root = Path.GetFullPath(value) },
                "--state" => options with { State = Path.GetFullPath(value) },
                "--address" or "-a" => options with { Address = Path.GetFullPath(value.StartsWith("unix://", StringComparison.Ordinal) ? value["unix://".Length..] : value) },
                "--log-level" or "-l" => options with { Level = ParseLevel(value) },
                _ => throw NaruException.Invalid($"unknown flag: {parts[0]}"),
            };
        }

        return options;
    }

    private static LogLevel ParseLevel(string value) => value switch
    {
        "trace" or "debug" => LogLevel.Debug,
        "info" => LogLevel.Info,
        "warn" or "warning" => LogLevel.Warn,
        "error" or "fatal" or "panic" => LogLevel.Error,
        _ => throw NaruException.Invalid($"not a valid log level: \"{value}\""),
    };
}
