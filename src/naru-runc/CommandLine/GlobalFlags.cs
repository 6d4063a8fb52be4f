namespace Naru.Runc.CommandLine;

/// <summary>The flags before the command.</summary>
internal static class GlobalFlags
{
    /// <param name="root">The folder that --root stands for where it is not given.</param>
    public static IReadOnlyList<Flag> All(string root) =>
    [
        new("debug", FlagKind.Switch, "enable debug logging"),
        new("log", FlagKind.Text, $"set the log file to write {HelpText.Program} logs to (default is '/dev/stderr')"),
        new("log-format", FlagKind.Text, "set the log format ('text' (default), or 'json')") { Default = "\"text\"" },
        new("root", FlagKind.Text, "root directory for storage of container state (this should be located in tmpfs)") { Default = $"\"{root}\"" },
        new("criu", FlagKind.Text, "criu is looked for in $PATH") { Hidden = true },
        new("systemd-cgroup", FlagKind.Switch,
            $"enable systemd cgroup support, expects cgroupsPath to be of form \"slice:prefix:name\" for e.g. \"system.slice:{HelpText.Program}:434234\""),
        new("rootless", FlagKind.Text, "ignore cgroup permission errors ('true', 'false', or 'auto')") { Default = "\"auto\"" },
        new("help", FlagKind.Switch, "show help") { Alias = "h" },
        new("version", FlagKind.Switch, "print the version") { Alias = "v" },
    ];
}
