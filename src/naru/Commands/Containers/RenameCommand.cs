namespace Naru.Cli.Commands.Containers;

/// <summary>`rename`.</summary>
internal static class RenameCommand
{
    public static Command Create()
    {
        var command = new Command("rename CONTAINER NEW_NAME", "Rename a container") { Aliases = ["container rename", "rename"], Arguments = ArgumentCount.Exactly(2) };
        command.Run = (context, names) =>
        {
            context.Engine.Do("POST", new Query($"/containers/{EngineClient.Escape(names[0])}/rename").Add("name", names[1]));
            return 0;
        };
        return command;
    }
}
