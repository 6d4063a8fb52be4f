namespace Naru.Cli.Commands.Networks;

/// <summary>`network rm`.</summary>
internal static class RemoveNetworkCommand
{
    public static Command Create()
    {
        var command = new Command("rm NETWORK [NETWORK...]", "Remove one or more networks") { Aliases = ["network rm", "network remove"], Arguments = ArgumentCount.AtLeast(1) };
        var force = command.Flags.Bool("force", 'f', "Do not error if the network does not exist");
        command.Run = (context, names) =>
        {
            var failed = false;
            foreach (var name in names)
            {
                try
                {
                    context.Engine.Do("DELETE", $"/networks/{EngineClient.Escape(name)}");
                    context.Line(name);
                }
                catch (EngineException e) when (force && e.Status == 404)
                {
                    // What is gone is as good as removed.
                }
                catch (EngineException e)
                {
                    context.ErrorLine(e.Message);
                    failed = true;
                }
            }

            return failed ? throw new ExitException(1, "exit status 1") : 0;
        };
        return command;
    }
}
