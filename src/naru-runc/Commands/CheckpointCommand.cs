using Naru.Base;
using Naru.Runc.CommandLine;

namespace Naru.Runc.Commands;

/// <summary>checkpoint and restore, which are CRIU's to do.</summary>
internal static class CheckpointCommand
{
    public static CommandDefinition Checkpoint { get; } = new("checkpoint", "checkpoint a running container", invocation =>
    {
        // A container that is not there is the first thing to be wrong.
        invocation.Runtime.State(invocation.Arguments.Rest[0]);
        return RefuseWithoutCriu();
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

    public static CommandDefinition Restore { get; } = new("restore", "restore a container from a previous checkpoint", _ => RefuseWithoutCriu())
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

    private static int RefuseWithoutCriu()
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, "criu")));
        throw found
            ? new NaruException(ErrorKind.Unimplemented, "checkpoints are not supported: this runtime does not use CRIU")
            : NaruException.Precondition("CRIU version check failed: exec: \"criu\": executable file not found in $PATH");
    }
}
