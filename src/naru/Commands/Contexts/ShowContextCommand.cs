using Naru.Cli.Config;

namespace Naru.Cli.Commands.Contexts;

/// <summary>`context show`.</summary>
internal static class ShowContextCommand
{
    public static Command Create()
    {
        var command = new Command("show", "Print the name of the current context") { Arguments = ArgumentCount.None };
        command.Run = (context, _) =>
        {
            context.Line(Endpoint.ContextName(context.Globals, context.Config));
            return 0;
        };
        return command;
    }
}
