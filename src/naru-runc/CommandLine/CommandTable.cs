using Naru.Runc.Commands;

namespace Naru.Runc.CommandLine;

/// <summary>Every command, in the order in which the help lists them.</summary>
internal static class CommandTable
{
    public static IReadOnlyList<CommandDefinition> All { get; } =
    [
        CheckpointCommand.Checkpoint,
        CreateCommand.Create,
        LifecycleCommands.Delete,
        EventsCommand.Definition,
        ExecCommand.Definition,
        LifecycleCommands.Kill,
        ListCommand.List,
        LifecycleCommands.Pause,
        ListCommand.Processes,
        CheckpointCommand.Restore,
        LifecycleCommands.Resume,
        CreateCommand.Run,
        SpecCommand.Definition,
        LifecycleCommands.Start,
        LifecycleCommands.State,
        UpdateCommand.Definition,
        FeaturesCommand.Definition,
    ];

    public static CommandDefinition? Find(string name)
    {
        foreach (var command in All)
        {
            if (command.Name == name)
                return command;
        }

        return null;
    }
}
