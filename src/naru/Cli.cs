using Naru.Cli.Locale;

namespace Naru.Cli;

/// <summary>The program's frame: finds the command, reads its flags, runs it, and turns failures into messages and exit codes.</summary>
internal static class Cli
{
    /// <summary>What the user called us: "naru", or "docker" through a link of that name.</summary>
    public static string ProgramName { get; } = Path.GetFileName(Environment.GetCommandLineArgs()[0]).Replace(".dll", "") is { Length: > 0 } name && !name.Contains("test", StringComparison.OrdinalIgnoreCase) ? name : "naru";

    public static int Run(string[] words)
    {
        try
        {
            return Dispatch(words);
        }
        catch (ExitException e)
        {
            if (e.Message.Length > 0)
                Terminal.Streams.ErrorLine(e.Message);
            return e.Code;
        }
        catch (Exception e) when (e is EngineException or NaruException or FlagException)
        {
            Terminal.Streams.ErrorLine(e.Message);
            return 1;
        }
        catch (IOException e)
        {
            if (!Terminal.Streams.IsBrokenPipe(e))
                Terminal.Streams.ErrorLine(e.Message);
            return 1;
        }
        finally
        {
            Terminal.Streams.Flush();
        }
    }

    private static int Dispatch(string[] words)
    {
        var globals = new GlobalFlags();
        List<string> rest;
        try
        {
            rest = globals.Flags.Parse(words);
        }
        catch (FlagException e)
        {
            throw new ExitException(125, $"{e.Message}\n\nUsage:  {ProgramName} [OPTIONS] COMMAND [ARG...]\n\nRun '{ProgramName} --help' for more information");
        }

        globals.ApplyLogLevel();

        if (globals.ShowVersion)
        {
            Terminal.Streams.OutLine($"Naru version {ClientVersion.Version}, build {BuildInfo.Commit}");
            return 0;
        }

        if (rest.Count > 0 && rest[0] == "help")
            return HelpText.Show(rest.Skip(1).ToList(), globals);
        if (globals.Flags.HelpWanted || rest.Count == 0)
        {
            HelpText.Deprecate(globals.Flags.HelpByLetter, toError: true);
            HelpText.Program(globals, toError: rest.Count == 0 && !globals.Flags.HelpWanted);
            return 0;
        }

        if (rest[0] is "__complete" or "__completeNoDesc")
            return Commands.Completion.CompleteCommand.Run(rest.GetRange(1, rest.Count - 1), rest[0] == "__complete");
        if (CommandTable.Find(rest) is not var (command, arguments))
            return 0;
        return RunCommand(command, arguments, globals);
    }

    private static int RunCommand(Command command, List<string> words, GlobalFlags globals)
    {
        List<string> positionals;
        try
        {
            positionals = command.Flags.Parse(words);
        }
        catch (FlagException e)
        {
            throw new ExitException(125, $"{e.Message}\n\nUsage:  {command.UseLine}\n\nRun '{command.Path} --help' for more information");
        }

        if (command.Flags.HelpWanted || (command.Flags.Find("help") is ValueFlag<bool> help && help))
        {
            HelpText.Deprecate(command.Flags.HelpByLetter);
            HelpText.Command(command);
            return 0;
        }

        command.Arguments.Check(command, positionals.Count);
        return command.Run(new CliContext(globals, command), positionals);
    }
}
