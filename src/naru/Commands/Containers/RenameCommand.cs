namespace Naru.Cli.Commands.Containers;

/// <summary>`rename`.</summary>
internal static class RenameCommand
{
    public static Command Create()
    {
        var command = new Command("rename CONTAINER NEW_NAME", "Rename a container") { Aliases = ["container rename", "rename"], Arguments = ArgumentCount.Exactly(2) };
        command.Run = (context, names) =>
        {
            try
            {
                context.Engine.Do("POST", new Query($"/containers/{EngineClient.Escape(names[0])}/rename").Add("name", names[1]));
            }
            catch (EngineException e) when (e.Status > 0)
            {
                throw new ExitException(1, $"{e.Message}\nError: failed to rename container named {names[0]}");
            }

            return 0;
        };
        return command;
    }
}
