namespace Naru.Cli.Commands.Containers;

/// <summary>`pause` and `unpause`.</summary>
internal static class PauseCommand
{
    public static Command Create() => Make("pause", "Pause all processes within one or more containers");

    public static Command CreateUnpause() => Make("unpause", "Unpause all processes within one or more containers");

    private static Command Make(string verb, string summary)
    {
        var command = new Command($"{verb} CONTAINER [CONTAINER...]", summary) { Aliases = [$"container {verb}", verb], Arguments = ArgumentCount.AtLeast(1) };
        command.Run = (context, names) => context.ForEach(names, name =>
        {
            context.Engine.Do("POST", $"/containers/{EngineClient.Escape(name)}/{verb}");
            return name;
        });
        return command;
    }
}
