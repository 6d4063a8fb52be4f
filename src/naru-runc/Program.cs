using Naru.Base;
using Naru.Linux;
using Naru.Runc.CommandLine;
using Naru.Runtime;
using Naru.Runtime.Lifecycle;

namespace Naru.Runc;

/// <summary>naru-runc: runc's command line over Naru.Runtime. No thread, no task, no System.Console: it forks from managed code.</summary>
internal static class Program
{
    private const int Failed = 1, NoSuchCommand = 3;

    public static string Version => typeof(Program).Assembly.GetName().Version?.ToString(3) ?? "";

    private static int Main(string[] words)
    {
        var log = RuncLog.ToStandardErrorAsText();
        try
        {
            var root = GlobalOptions.DefaultRoot();
            var global = ParseGlobal(words, GlobalFlags.All(root));
            if (global.Has("help"))
                return Print(HelpText.OfProgram(Version, root));
            if (global.Has("version"))
                return Print($"{HelpText.Program} version {Version}\n{(BuildInfo.Commit.Length > 0 ? $"commit: {BuildInfo.Commit}\n" : "")}spec: {RuntimeInfo.SpecVersion}\n");
            log = RuncLog.Open(global.Text("log"), global.Value("log-format"), global.Has("debug"));
            if (global.Text("criu") is not null)
                Files.WriteStandard(2, "WARNING: --criu ignored (criu binary from $PATH is used); do not use\n");
            return global.Rest.Count == 0 || global.Rest[0] is "help" or "h"
                ? Help(global.Rest.Count > 1 ? global.Rest[1] : null, root, log)
                : Dispatch(global, log);
        }
        catch (UsageException misuse)
        {
            Report(log, misuse.Message);
            return Failed;
        }
        catch (Exception failure) when (failure is NaruException or IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            Report(log, failure.Message);
            return Failed;
        }
    }

    /// <summary>Tells an error to the log, and to standard error if that is another place.</summary>
    public static void Report(RuncLog log, string message)
    {
        log.Error(message);
        if (!log.IsStandardError)
            Files.WriteStandard(2, message + "\n");
    }

    private static Arguments ParseGlobal(string[] words, IReadOnlyList<Flag> flags)
    {
        try
        {
            return Arguments.Parse(words, flags, flagsComeFirst: true);
        }
        catch (UsageException misuse)
        {
            Print($"Incorrect Usage. {misuse.Message}\n\n{HelpText.OfProgram(Version, GlobalOptions.DefaultRoot())}");
            throw;
        }
    }

    private static int Dispatch(Arguments global, RuncLog log)
    {
        if (CommandTable.Find(global.Rest[0]) is not { } command)
            return Unknown(global.Rest[0], log);
        try
        {
            var arguments = Arguments.Parse([.. global.Rest.Skip(1)], command.Flags, command.FlagsComeFirst);
            if (arguments.Has("help"))
                return Print(HelpText.Of(command));
            arguments.CheckCount(command);
            var options = GlobalOptions.Of(global);
            return command.Run(new Invocation(arguments, options, new ContainerRuntime(options.Root, log.Warn, log.Debug), log));
        }
        catch (UsageException misuse)
        {
            Print($"{misuse.Headline}\n\n{HelpText.Of(command)}");
            throw;
        }
    }

    private static int Help(string? name, string root, RuncLog log)
    {
        if (name is null)
            return Print(HelpText.OfProgram(Version, root));
        return CommandTable.Find(name) is { } command ? Print(HelpText.Of(command)) : Unknown(name, log);
    }

    private static int Unknown(string command, RuncLog log)
    {
        Report(log, $"No help topic for '{command}'\n");
        return NoSuchCommand;
    }

    private static int Print(string text)
    {
        Files.WriteStandard(1, text);
        return 0;
    }
}
