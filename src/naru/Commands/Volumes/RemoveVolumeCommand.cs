namespace Naru.Cli.Commands.Volumes;

/// <summary>`volume rm`.</summary>
internal static class RemoveVolumeCommand
{
    public static Command Create()
    {
        var command = new Command("rm [OPTIONS] VOLUME [VOLUME...]", "Remove one or more volumes") { Aliases = ["volume rm", "volume remove"], Description = "Remove one or more volumes. You cannot remove a volume that is in use by a container.", Arguments = ArgumentCount.AtLeast(1) };
        var force = command.Flags.Bool("force", 'f', "Force the removal of one or more volumes");
        command.Run = (context, names) => context.ForEach(names, name =>
        {
            context.Engine.Do("DELETE", new Query($"/volumes/{EngineClient.Escape(name)}").Add("force", force));
            return name;
        });
        return command;
    }
}
