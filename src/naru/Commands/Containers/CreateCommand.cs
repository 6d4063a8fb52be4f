namespace Naru.Cli.Commands.Containers;

/// <summary>`create`.</summary>
internal static class CreateCommand
{
    public static Command Create()
    {
        var command = new Command("create [OPTIONS] IMAGE [COMMAND] [ARG...]", "Create a new container") { Aliases = ["container create", "create"], Arguments = ArgumentCount.AtLeast(1) };
        var flags = new ContainerFlags(command.Flags);
        var pull = command.Flags.String("pull", null, "Pull image before creating (\"always\", \"|missing\", \"never\")", "missing");
        command.Run = (context, words) =>
        {
            // Words that do not fit are 125, as in run; what the engine refuses is 1.
            ContainerCreateRequest? request = null;
            ContainerCreation.Guard(context, () =>
            {
                ContainerCreation.CheckPull(pull);
                request = ContainerOptions.Build(flags, words, context.Config.ProxyVariables(context.Engine.Address.Text), detached: false);
                return 0;
            });
            context.Line(ContainerCreation.Create(context, flags, pull, request!));
            return 0;
        };
        return command;
    }
}
