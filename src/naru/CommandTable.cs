using Naru.Cli.Commands.Builds;
using Naru.Cli.Commands.Completion;
using Naru.Cli.Commands.Containers;
using Naru.Cli.Commands.Contexts;
using Naru.Cli.Commands.Copying;
using Naru.Cli.Commands.Images;
using Naru.Cli.Commands.Networks;
using Naru.Cli.Commands.Registry;
using Naru.Cli.Commands.System;
using Naru.Cli.Commands.Volumes;
using Naru.Cli.Locale;

namespace Naru.Cli;

/// <summary>All commands by name. Only the chosen one is built.</summary>
internal static class CommandTable
{
    public static readonly string[] Common = ["run", "exec", "ps", "build", "pull", "push", "images", "login", "logout", "search", "version", "info"];

    public static readonly string[] Groups = ["builder", "buildx", "container", "context", "image", "network", "system", "volume"];

    public static readonly string[] Others =
    [
        "attach", "commit", "cp", "create", "diff", "events", "export", "history", "import", "inspect", "kill", "load", "logs", "pause", "port", "rename", "restart",
        "rm", "rmi", "save", "start", "stats", "stop", "tag", "top", "unpause", "update", "wait",
    ];

    /// <summary>Groups that no list shows.</summary>
    public static readonly string[] HiddenGroups = ["completion"];

    public static string GroupSummary(string group) => group switch
    {
        "completion" => "Generate the autocompletion script for {0} for the specified shell.\nSee each sub-command's help for details on how to use the generated script.",
        "builder" => "Manage builds",
        "buildx" => "Extended build capabilities with BuildKit",
        "container" => "Manage containers",
        "context" => "Manage contexts",
        "image" => "Manage images",
        "network" => "Manage networks",
        "system" => "Manage Docker",
        _ => "Manage volumes",
    };

    public static IReadOnlyList<string> Verbs(string group) => group switch
    {
        "builder" => ["build", "du", "inspect", "ls", "prune"],
        "buildx" => ["build", "du", "inspect", "ls", "prune", "version"],
        "container" => ["attach", "commit", "cp", "create", "diff", "exec", "export", "inspect", "kill", "logs", "ls", "pause", "port", "prune", "rename", "restart", "rm", "run", "start", "stats", "stop", "top", "unpause", "update", "wait"],
        "completion" => CompletionCommand.Shells,
        "context" => ["create", "export", "import", "inspect", "ls", "rm", "show", "update", "use"],
        "image" => ["build", "history", "import", "inspect", "load", "ls", "prune", "pull", "push", "rm", "save", "tag"],
        "network" => ["connect", "create", "disconnect", "inspect", "ls", "prune", "rm"],
        "system" => ["df", "events", "info", "prune"],
        _ => ["create", "inspect", "ls", "prune", "rm"],
    };

    /// <summary>Finds the command that the words begin with; null when the help of a group was shown instead.</summary>
    /// <exception cref="ExitException">There is no such command.</exception>
    public static (Command Command, List<string> Arguments)? Find(List<string> words)
    {
        var name = words[0];
        if (!IsGroup(name))
        {
            var single = Top(name) ?? throw new ExitException(1, $"{Cli.ProgramName}: unknown command: {Cli.ProgramName} {name}\n\nRun '{Cli.ProgramName} --help' for more information");
            return (single, words.GetRange(1, words.Count - 1));
        }

        if (words.Count == 1 || words[1] is "--help" or "-h")
        {
            HelpText.Deprecate(words is [_, "-h"]);
            HelpText.Group(name, toError: words.Count == 1);
            return null;
        }

        var path = $"{Cli.ProgramName} {name}";
        if (words[1].StartsWith('-'))
            throw Unknown(words, path);
        var command = Sub(name, words[1]) ?? throw Unknown(words, path);
        command.Group = name;
        return (command, words.GetRange(2, words.Count - 2));
    }

    /// <summary>A group has no flags: one of them among its words is refused first.</summary>
    private static ExitException Unknown(List<string> words, string path)
    {
        try
        {
            new FlagSet().Parse(words.GetRange(1, words.Count - 1));
        }
        catch (FlagException e)
        {
            return new ExitException(125, $"{e.Message}\n\nUsage:  {path}\n\nRun '{path} --help' for more information");
        }

        return new ExitException(1, $"{Cli.ProgramName}: unknown command: {path} {words[1]}\n\nUsage:  {path}\n\nRun '{path} --help' for more information");
    }

    public static bool IsGroup(string name) => Groups.Contains(name) || HiddenGroups.Contains(name);

    /// <summary>A command of the program itself.</summary>
    public static Command? Top(string name) => name switch
    {
        "ps" => ListContainersCommand.Create("ps"),
        "version" => VersionCommand.Create(),
        "inspect" => InspectCommand.Create(),
        "images" => ListImagesCommand.Create("images"),
        "rmi" => RemoveImageCommand.Create("rmi"),
        "login" => LoginCommand.Create(),
        "logout" => LogoutCommand.Create(),
        "info" => InfoCommand.Create(),
        "events" => EventsCommand.Create(),
        "search" => SearchCommand.Create(),
        "build" => BuildCommand.Create(),
        _ => Container(name) ?? Image(name),
    };

    /// <summary>A command of a group.</summary>
    public static Command? Sub(string group, string verb) => (group, verb) switch
    {
        ("builder" or "buildx", "build" or "b") => BuildCommand.Create(),
        ("builder" or "buildx", "du") => DiskUsageBuilderCommand.Create(),
        ("builder" or "buildx", "inspect") => InspectBuilderCommand.Create(),
        ("builder" or "buildx", "ls") => ListBuildersCommand.Create(),
        ("builder" or "buildx", "prune") => PruneBuilderCommand.Create(),
        ("buildx", "version") => BuildxVersionCommand.Create(),
        ("container", "ls" or "ps" or "list") => ListContainersCommand.Create("ls"),
        ("container", "inspect") => InspectContainerCommand.Create(),
        ("container", "prune") => PruneContainersCommand.Create(),
        ("container", "remove") => RemoveContainerCommand.Create(),
        ("container", _) => Container(verb),
        ("image", "build") => BuildCommand.Create(),
        ("image", "ls" or "list") => ListImagesCommand.Create("ls"),
        ("image", "rm" or "remove") => RemoveImageCommand.Create("rm"),
        ("image", "inspect") => InspectImageCommand.Create(),
        ("image", "prune") => PruneImagesCommand.Create(),
        ("image", _) => Image(verb),
        ("completion", _) => CompletionCommand.Shells.Contains(verb) ? CompletionCommand.Create(verb) : null,
        ("context", "create") => CreateContextCommand.Create(),
        ("context", "export") => ExportContextCommand.Create(),
        ("context", "import") => ImportContextCommand.Create(),
        ("context", "inspect") => InspectContextCommand.Create(),
        ("context", "ls" or "list") => ListContextsCommand.Create(),
        ("context", "rm" or "remove") => RemoveContextCommand.Create(),
        ("context", "show") => ShowContextCommand.Create(),
        ("context", "update") => UpdateContextCommand.Create(),
        ("context", "use") => UseContextCommand.Create(),
        ("network", "connect") => ConnectNetworkCommand.Create(),
        ("network", "create") => CreateNetworkCommand.Create(),
        ("network", "disconnect") => DisconnectNetworkCommand.Create(),
        ("network", "prune") => PruneNetworksCommand.Create(),
        ("network", "ls" or "list") => ListNetworksCommand.Create(),
        ("network", "inspect") => InspectNetworkCommand.Create(),
        ("network", "rm" or "remove") => RemoveNetworkCommand.Create(),
        ("system", "df") => DiskUsageCommand.Create(),
        ("system", "dial-stdio") => DialStdioCommand.Create(),
        ("system", "prune") => PruneSystemCommand.Create(),
        ("system", "info") => InfoCommand.Create(),
        ("system", "events") => EventsCommand.Create(),
        ("volume", "create") => CreateVolumeCommand.Create(),
        ("volume", "ls" or "list") => ListVolumesCommand.Create(),
        ("volume", "inspect") => InspectVolumeCommand.Create(),
        ("volume", "rm" or "remove") => RemoveVolumeCommand.Create(),
        ("volume", "prune") => PruneVolumesCommand.Create(),
        _ => null,
    };

    /// <summary>What a container can be told, with or without "container" before it.</summary>
    private static Command? Container(string verb) => verb switch
    {
        "attach" => AttachCommand.Create(),
        "commit" => CommitCommand.Create(),
        "cp" => CopyCommand.Create(),
        "create" => CreateCommand.Create(),
        "diff" => DiffCommand.Create(),
        "exec" => ExecCommand.Create(),
        "export" => ExportCommand.Create(),
        "kill" => KillCommand.Create(),
        "logs" => LogsCommand.Create(),
        "pause" => PauseCommand.Create(),
        "port" => PortCommand.Create(),
        "rename" => RenameCommand.Create(),
        "restart" => StopCommand.CreateRestart(),
        "rm" => RemoveContainerCommand.Create(),
        "run" => RunCommand.Create(),
        "start" => StartCommand.Create(),
        "stats" => StatsCommand.Create(),
        "stop" => StopCommand.Create(),
        "top" => TopCommand.Create(),
        "unpause" => PauseCommand.CreateUnpause(),
        "update" => UpdateCommand.Create(),
        "wait" => WaitCommand.Create(),
        _ => null,
    };

    /// <summary>What an image can be told, with or without "image" before it.</summary>
    private static Command? Image(string verb) => verb switch
    {
        "history" => HistoryCommand.Create(),
        "import" => ImportCommand.Create(),
        "load" => LoadCommand.Create(),
        "pull" => PullCommand.Create(),
        "push" => PushCommand.Create(),
        "save" => SaveCommand.Create(),
        "tag" => TagCommand.Create(),
        _ => null,
    };
}
