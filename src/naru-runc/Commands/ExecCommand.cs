using Naru.Base;
using Naru.Base.Flags;
using Naru.Runc.CommandLine;
using Naru.Runtime.Lifecycle;

namespace Naru.Runc.Commands;

/// <summary>exec: status of the process, 255 where none was started, as runc has it.</summary>
internal static class ExecCommand
{
    private const int NotStarted = 255;

    public static CommandDefinition Definition { get; } = new("exec", "execute new process inside the container", Execute)
    {
        Words = "<container-id> <command> [command options]  || -p process.json <container-id>",
        Explanation = """
            Where "<container-id>" is the name of the container and "<command>" what is to
            be executed in it, which only "-p" may do without.

            EXAMPLE:
            To list the processes that a container sees:

                   # naru-runc exec <container-id> ps
            """,
        Flags =
        [
            CreateCommand.ConsoleSocket,
            new("pidfd-socket", FlagKind.Text, "path to an AF_UNIX socket which will receive a file descriptor referencing the exec process"),
            new("cwd", FlagKind.Text, "current working directory in the container"),
            new("env", FlagKind.Texts, "set environment variables") { Alias = "e" },
            new("tty", FlagKind.Switch, "allocate a pseudo-TTY") { Alias = "t" },
            new("user", FlagKind.Text, "UID (format: <uid>[:<gid>])") { Alias = "u" },
            new("additional-gids", FlagKind.Numbers, "additional gids") { Alias = "g" },
            new("process", FlagKind.Text, "path to the process.json") { Alias = "p" },
            new("detach", FlagKind.Switch, "detach from the container's process") { Alias = "d" },
            CreateCommand.PidFile,
            new("process-label", FlagKind.Text, "set the asm process label for the process commonly used with selinux"),
            new("apparmor", FlagKind.Text, "set the apparmor profile for the process"),
            new("no-new-privs", FlagKind.Switch, "set the no new privileges value for the process"),
            new("cap", FlagKind.Texts, "add a capability to the bounding set for the process") { Alias = "c" },
            CreateCommand.PreserveFds,
            new("cgroup", FlagKind.Texts, "run the process in an (existing) sub-cgroup(s). Format is [<controller>:]<cgroup>."),
            new("ignore-paused", FlagKind.Switch, "allow exec in a paused container"),
        ],
        Most = CommandDefinition.AnyNumber,
        FlagsComeFirst = true,
    };

    private static int Execute(Invocation invocation)
    {
        try
        {
            return invocation.Runtime.Execute(OptionsOf(invocation.Arguments));
        }
        catch (Exception failure) when (failure is NaruException or IOException)
        {
            Program.Report(invocation.Log, $"exec failed: {failure.Message}");
            return NotStarted;
        }
    }

    private static ExecOptions OptionsOf(Arguments arguments) => new()
    {
        Id = arguments.Rest[0],
        Args = [.. arguments.Rest.Skip(1)],
        ProcessFile = arguments.Text("process"),
        Cwd = arguments.Text("cwd"),
        Env = arguments.Values("env"),
        User = arguments.Text("user"),
        AdditionalGids = Array.ConvertAll<string, uint>([.. arguments.Values("additional-gids")], GroupOf),
        Capabilities = arguments.Values("cap"),
        NoNewPrivileges = arguments.IsSet("no-new-privs") ? arguments.Has("no-new-privs") : null,
        Apparmor = arguments.Text("apparmor"),
        ProcessLabel = arguments.Text("process-label"),
        Terminal = arguments.Has("tty"),
        Detach = arguments.Has("detach"),
        PidFile = arguments.Text("pid-file"),
        ConsoleSocket = arguments.Text("console-socket"),
        PidfdSocket = arguments.Text("pidfd-socket"),
        PreserveDescriptors = CreateCommand.Preserved(arguments),
        Cgroups = arguments.Values("cgroup"),
        IgnorePaused = arguments.Has("ignore-paused"),
    };

    private static uint GroupOf(string text) =>
        FlagValues.Int(text) is >= 0 and <= uint.MaxValue and var number
            ? (uint)number
            : throw NaruException.Invalid($"additional-gids must be a positive number {text}");
}
