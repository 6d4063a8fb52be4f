using Naru.Base;
using Naru.Runc.CommandLine;
using Naru.Runtime.Checkpoint;

namespace Naru.Runc.Commands;

/// <summary>checkpoint and restore, which are CRIU's to do.</summary>
internal static class CheckpointCommand
{
    public static CommandDefinition Checkpoint { get; } = new("checkpoint", "checkpoint a running container", invocation =>
    {
        // A container that is not there is the first thing to be wrong.
        invocation.Runtime.State(invocation.Arguments.Rest[0]);
        invocation.Runtime.Checkpoint(invocation.Arguments.Rest[0], OptionsOf(invocation.Arguments));
        return 0;
    })
    {
        Explanation = "Where \"<container-id>\" is the name of the container.",
        Description = "The checkpoint command saves the container's processes in files.",
        Flags =
        [
            new("image-path", FlagKind.Text, "path for saving criu image files"),
            WorkPath,
            new("parent-path", FlagKind.Text, "path for previous criu image files in pre-dump"),
            new("leave-running", FlagKind.Switch, "leave the process running after checkpointing"),
            TcpEstablished,
            new("tcp-skip-in-flight", FlagKind.Switch, "skip in-flight tcp connections"),
            new("link-remap", FlagKind.Switch, "allow one to link unlinked files back when possible"),
            ExternalSockets, ShellJob, LazyPages,
            new("status-fd", FlagKind.Number, "criu writes \\0 to this FD once lazy-pages is ready") { Default = "-1" },
            new("page-server", FlagKind.Text, "ADDRESS:PORT of the page server"),
            FileLocks,
            new("pre-dump", FlagKind.Switch, "dump container's memory information only, leave the container running after this"),
            CgroupsMode, EmptyNamespace, AutoDedup,
        ],
    };

    public static CommandDefinition Restore { get; } = new("restore", "restore a container from a previous checkpoint", invocation =>
    {
        // CRIU pivots, whatever it is told.
        if (invocation.Arguments.Has("no-pivot"))
            throw NaruException.Invalid("cannot restore with --no-pivot: CRIU always pivots the root");
        // Before the folder changes to the bundle's.
        var images = OptionsOf(invocation.Arguments);
        return invocation.Runtime.Restore(CreateCommand.OptionsOf(invocation), images);
    })
    {
        Explanation = "Where \"<container-id>\" is the name to be given to the container.",
        Description = "The restore command makes a container of the files of a checkpoint.",
        Flags =
        [
            CreateCommand.ConsoleSocket,
            new("image-path", FlagKind.Text, "path to criu image files for restoring"),
            WorkPath, TcpEstablished, ExternalSockets, ShellJob, FileLocks, CgroupsMode,
            new("bundle", FlagKind.Text, "path to the root of the bundle directory") { Alias = "b" },
            new("detach", FlagKind.Switch, "detach from the container's process") { Alias = "d" },
            CreateCommand.PidFile,
            new("no-subreaper", FlagKind.Switch, "disable the use of the subreaper used to reap reparented processes"),
            CreateCommand.NoPivot, EmptyNamespace, AutoDedup, LazyPages,
            new("lsm-profile", FlagKind.Text, "Specify an LSM profile to be used during restore in the form of TYPE:NAME."),
            new("lsm-mount-context", FlagKind.Text, "Specify an LSM mount context to be used during restore."),
        ],
    };

    private static Flag WorkPath => new("work-path", FlagKind.Text, "path for saving work files and logs");

    private static Flag TcpEstablished => new("tcp-established", FlagKind.Switch, "allow open tcp connections");

    private static Flag ExternalSockets => new("ext-unix-sk", FlagKind.Switch, "allow external unix sockets");

    private static Flag ShellJob => new("shell-job", FlagKind.Switch, "allow shell jobs");

    private static Flag LazyPages => new("lazy-pages", FlagKind.Switch, "use userfaultfd to lazily restore memory pages");

    private static Flag FileLocks => new("file-locks", FlagKind.Switch, "handle file locks, for safety");

    private static Flag CgroupsMode => new("manage-cgroups-mode", FlagKind.Text, "cgroups mode: soft|full|strict|ignore") { Default = "soft" };

    private static Flag EmptyNamespace => new("empty-ns", FlagKind.Texts, "create a namespace, but don't restore its properties");

    private static Flag AutoDedup => new("auto-dedup", FlagKind.Switch, "enable auto deduplication of memory images");

    private static CriuOptions OptionsOf(Arguments arguments)
    {
        var (server, port) = PageServer(arguments.Text("page-server"));
        foreach (var kind in arguments.Values("empty-ns"))
        {
            if (kind != "network")
                throw NaruException.Invalid($"namespace \"{kind}\" is not supported");
        }

        var parent = arguments.Text("parent-path");
        if (parent is ['/', ..])
            throw NaruException.Invalid("--parent-path must be relative");
        var status = (int)Math.Clamp(arguments.Number("status-fd") ?? -1, -1, int.MaxValue);
        if (status >= 0 && !arguments.Has("lazy-pages"))
            throw NaruException.Invalid("--status-fd is of use with --lazy-pages only");
        return new CriuOptions
        {
            ImagePath = Path.GetFullPath(arguments.Text("image-path") ?? "checkpoint"),
            WorkPath = arguments.Text("work-path") is { } work ? Path.GetFullPath(work) : null,
            ParentPath = parent,
            LeaveRunning = arguments.Has("leave-running"),
            PreDump = arguments.Has("pre-dump"),
            TcpEstablished = arguments.Has("tcp-established"),
            TcpSkipInFlight = arguments.Has("tcp-skip-in-flight"),
            LinkRemap = arguments.Has("link-remap"),
            ExternalSockets = arguments.Has("ext-unix-sk"),
            ShellJob = arguments.Has("shell-job"),
            FileLocks = arguments.Has("file-locks"),
            AutoDedup = arguments.Has("auto-dedup"),
            LazyPages = arguments.Has("lazy-pages"),
            StatusDescriptor = status,
            PageServer = server,
            PageServerPort = port,
            CgroupsMode = CgroupsModeOf(arguments.Value("manage-cgroups-mode") ?? "soft"),
            LsmProfile = arguments.Text("lsm-profile"),
            LsmMountContext = arguments.Text("lsm-mount-context"),
        };
    }

    /// <summary>criu_cg_mode of CRIU's images/rpc.proto.</summary>
    private static int CgroupsModeOf(string word) => word switch
    {
        "ignore" => 0,
        "soft" => 3,
        "full" => 4,
        "strict" => 5,
        "" => 6,
        _ => throw NaruException.Invalid("invalid manage-cgroups-mode value"),
    };

    /// <summary>HOST:PORT, an IPv6 address in brackets.</summary>
    private static (string? Host, int Port) PageServer(string? text)
    {
        if (text is null)
            return (null, 0);
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "" : text[..colon];
        if (host is ['[', .., ']'])
            host = host[1..^1];
        else if (host.Contains(':'))
            host = "";
        if (host.Length == 0 || colon == text.Length - 1)
            throw NaruException.Invalid("Use --page-server ADDRESS:PORT to specify page server");
        return ushort.TryParse(text.AsSpan(colon + 1), out var port) ? (host, port) : throw NaruException.Invalid("Invalid port number");
    }
}
