namespace Naru.Cli.Commands.Networks;

/// <summary>`network rm`.</summary>
internal static class RemoveNetworkCommand
{
    public static Command Create()
    {
        var command = new Command("rm NETWORK [NETWORK...]", "Remove one or more networks") { Aliases = ["network rm", "network remove"], Arguments = ArgumentCount.AtLeast(1) };
        var force = command.Flags.Bool("force", 'f', "Do not error if the network does not exist");
        command.Run = (context, names) => context.ForEach(names, name =>
        {
            try
            {
                context.Engine.Do("DELETE", $"/networks/{EngineClient.Escape(name)}");
                return name;
            }
            catch (EngineException e) when (force && e.Status == 404)
            {
                return null;
            }
        });
        return command;
    }
}
