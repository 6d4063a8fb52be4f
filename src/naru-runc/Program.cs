using Naru.Base;
using Naru.Linux;
using Naru.Runc.Commands;
using Naru.Runtime;
using Naru.Runtime.Lifecycle;

namespace Naru.Runc;

/// <summary>naru-runc: runc's command line over Naru.Runtime. No thread, no task, no System.Console: it forks from managed code.</summary>
internal static class Program
{
    private const string DefaultRoot = "/run/naru-runc";

    private const string Usage = """
        NAME:
           naru-runc - Open Container Initiative runtime

        USAGE:
           naru-runc [global options] command [command options] [arguments...]

        COMMANDS:
           create    create a container
           delete    delete any resources held by the container
           events    display the container's numbers and its deaths for want of memory
           exec      execute new process inside the container
           features  show the enabled features
           kill      send a signal to the container's init process (default: SIGTERM)
           list      list containers started with the given root
           pause     suspend all processes inside the container
           ps        display the processes running inside a container
           resume    resume all processes that have been paused
           run       create and run a container
           spec      create a new specification file
           start     execute the user defined process in a created container
           state     output the state of a container
           update    update container resource constraints

        GLOBAL OPTIONS:
           --debug             enable debug logging
           --log value         set the log file (default: standard error)
           --log-format value  set the log format: text or json (default: "text")
           --root value        root directory for the state of containers (default: "/run/naru-runc")
           --rootless value    ignored unless true: rootless mode is not supported (default: "auto")
           --systemd-cgroup    refused: cgroups are managed by their folders
           --help, -h          show help
           --version, -v       print the version

        """;

    private static int Main(string[] words)
    {
        var log = new RuncLog(null, json: false);
        try
        {
            var global = Arguments.Parse(words, "debug", "log=", "log-format=", "root=", "rootless=", "systemd-cgroup", "criu=", "help,h", "version,v");
            log = new RuncLog(global.Value("log") is { Length: > 0 } file && file != "/dev/stderr" ? file : null, FormatOf(global) == "json");
            if (global.Has("version"))
                return Version();
            if (global.Has("help") || global.Rest.Count == 0 || global.Rest[0] is "help" or "h")
                return Print(Usage);
            if (global.Has("systemd-cgroup"))
                throw new NaruException(ErrorKind.Unimplemented, "systemd cgroup flag passed, but this runtime manages cgroups by their folders only");
            if (global.Has("rootless"))
                throw new NaruException(ErrorKind.Unimplemented, "rootless containers are not supported");
            var root = Path.GetFullPath(global.Value("root") ?? DefaultRoot);
            var runtime = new ContainerRuntime(root, log.Warn);
            return Dispatch(global.Rest[0], new Invocation(global.Rest.Skip(1).ToList(), runtime, root, global.IsSet("root"), log));
        }
        catch (UsageException misuse)
        {
            var command = words.FirstOrDefault(word => CommandHelp.Of(word) is not null);
            Print($"Incorrect Usage.\n\n{(command is null ? Usage : CommandHelp.Of(command))}");
            Report(log, misuse.Message);
            return 1;
        }
        catch (Exception failure) when (failure is NaruException or IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            Report(log, failure.Message);
            return 1;
        }
    }

    /// <summary>Tells an error to the log, and to standard error if that is another place.</summary>
    public static void Report(RuncLog log, string message)
    {
        log.Error(message);
        if (!log.ToStandardError)
            Files.WriteStandard(2, message + "\n");
    }

    private static int Dispatch(string command, Invocation invocation)
    {
        if (CommandHelp.Of(command) is not { } help)
        {
            Report(invocation.Log, command is "checkpoint" or "restore"
                ? $"{command} is not supported: this runtime does not use CRIU"
                : $"No help topic for '{command}'");
            return 3;
        }

        if (invocation.Words is ["--help" or "-h" or "help", ..])
            return Print(help);
        return command switch
        {
            "create" => CreateCommand.Create(invocation),
            "run" => CreateCommand.Run(invocation),
            "exec" => ExecCommand.Execute(invocation),
            "start" => LifecycleCommands.Start(invocation),
            "state" => LifecycleCommands.State(invocation),
            "kill" => LifecycleCommands.Kill(invocation),
            "delete" => LifecycleCommands.Delete(invocation),
            "pause" => LifecycleCommands.Pause(invocation),
            "resume" => LifecycleCommands.Resume(invocation),
            "events" => EventsCommand.Watch(invocation),
            "list" => ListCommand.List(invocation),
            "ps" => ListCommand.Processes(invocation),
            "update" => UpdateCommand.Update(invocation),
            "spec" => SpecCommand.Write(invocation),
            _ => SpecCommand.Features(),
        };
    }

    private static string FormatOf(Arguments global) => global.Value("log-format") switch
    {
        null or "text" => "text",
        "json" => "json",
        var other => throw NaruException.Invalid($"invalid log-format: {other}"),
    };

    private static int Version() => Print($"naru-runc version {typeof(Program).Assembly.GetName().Version?.ToString(3)}\nspec: {RuntimeInfo.SpecVersion}\n");

    private static int Print(string text)
    {
        Files.WriteStandard(1, text);
        return 0;
    }
}
