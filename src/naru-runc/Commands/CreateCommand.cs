using System.Globalization;
using Naru.Base;
using Naru.Linux;
using Naru.Runc.CommandLine;
using Naru.Runtime.Lifecycle;

namespace Naru.Runc.Commands;

/// <summary>create and run: the same flags, but for what concerns waiting.</summary>
internal static class CreateCommand
{
    private const string NamedHere = "Where \"<container-id>\" is the name to be given to the container. It must be unique on the host.";

    private const string FromABundle = """
         container is made from a bundle: a folder with a specification file named
        "config.json" and a root file system. What the container runs is the args
        parameter of that file.
        """;

    public static CommandDefinition Create { get; } = new("create", "create a container", invocation => Explained("runc create failed", () =>
    {
        invocation.Runtime.Create(OptionsOf(invocation));
        return 0;
    }))
    {
        Explanation = NamedHere,
        Description = $"The{FromABundle}\nIt waits for the start command.",
        Flags = [Bundle, ConsoleSocket, PidfdSocket, PidFile, NoPivot, NoNewKeyring, PreserveFds],
    };

    public static CommandDefinition Run { get; } = new("run", "create and run a container", invocation => Explained("runc run failed", () =>
        invocation.Runtime.Run(OptionsOf(invocation))))
    {
        Explanation = NamedHere,
        Description = $"The{FromABundle}",
        Flags =
        [
            Bundle, ConsoleSocket, PidfdSocket,
            new("detach", FlagKind.Switch, "detach from the container's process") { Alias = "d" },
            new("keep", FlagKind.Switch, "do not delete the container after it exits"),
            PidFile,
            new("no-subreaper", FlagKind.Switch, "disable the use of the subreaper used to reap reparented processes"),
            NoPivot, NoNewKeyring, PreserveFds,
        ],
    };

    internal static Flag ConsoleSocket =>
        new("console-socket", FlagKind.Text, "path to an AF_UNIX socket which will receive a file descriptor referencing the master end of the console's pseudoterminal");

    internal static Flag PidFile => new("pid-file", FlagKind.Text, "specify the file to write the process id to");

    internal static Flag NoPivot =>
        new("no-pivot", FlagKind.Switch, "do not use pivot root to jail process inside rootfs.  This should be used whenever the rootfs is on top of a ramdisk");

    internal static Flag PreserveFds =>
        new("preserve-fds", FlagKind.Number, "Pass N additional file descriptors to the container (stdio + $LISTEN_FDS + N in total)") { Default = "0" };

    private static Flag Bundle => new("bundle", FlagKind.Text, "path to the root of the bundle directory, defaults to the current directory") { Alias = "b" };

    private static Flag PidfdSocket =>
        new("pidfd-socket", FlagKind.Text, "path to an AF_UNIX socket which will receive a file descriptor referencing the init process");

    private static Flag NoNewKeyring => new("no-new-keyring", FlagKind.Switch,
        "do not create a new session keyring for the container.  This will cause the container to inherit the calling processes session key");

    internal static CreateOptions OptionsOf(Invocation invocation)
    {
        var arguments = invocation.Arguments;
        // Before the folder changes, from which all other paths are looked for.
        var pidFile = arguments.Text("pid-file") is { } path ? Path.GetFullPath(path) : null;
        if (arguments.Text("bundle") is { } bundle)
            EnterBundle(bundle);
        var options = new CreateOptions
        {
            Id = arguments.Rest[0],
            Bundle = Directory.GetCurrentDirectory(),
            ConsoleSocket = arguments.Text("console-socket"),
            PidfdSocket = arguments.Text("pidfd-socket"),
            PidFile = pidFile,
            NoPivot = arguments.Has("no-pivot"),
            NoNewKeyring = arguments.Has("no-new-keyring"),
            Detach = arguments.Has("detach"),
            Keep = arguments.Has("keep"),
            Subreaper = !arguments.Has("no-subreaper"),
            PreserveDescriptors = Preserved(arguments) + ListenDescriptors(),
            SystemdCgroup = invocation.Global.SystemdCgroup,
            Rootless = invocation.Global.Rootless,
        };
        return options;
    }

    internal static void EnterBundle(string path)
    {
        try
        {
            Processes.ChangeFolder(path);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.NotFound, $"chdir {path}: {Errno.Text(failure.Number)}", failure);
        }
    }

    /// <summary>--preserve-fds; a number below zero is none.</summary>
    internal static int Preserved(Arguments arguments) => (int)Math.Clamp(arguments.Number("preserve-fds") ?? 0, 0, int.MaxValue / 2);

    /// <summary>systemd's socket activation: LISTEN_FDS descriptors from 3 on go to the container.</summary>
    private static int ListenDescriptors() =>
        Environment.GetEnvironmentVariable("LISTEN_PID") is { } pid && pid == Processes.OwnPid.ToString(CultureInfo.InvariantCulture)
        && int.TryParse(Environment.GetEnvironmentVariable("LISTEN_FDS"), out var count) && count > 0 ? count : 0;

    internal static int Explained(string prefix, Func<int> action)
    {
        try
        {
            return action();
        }
        catch (Exception failure) when (failure is NaruException or IOException)
        {
            throw new NaruException((failure as NaruException)?.Kind ?? ErrorKind.Internal, $"{prefix}: {failure.Message}", failure);
        }
    }
}
