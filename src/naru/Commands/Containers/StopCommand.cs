namespace Naru.Cli.Commands.Containers;

/// <summary>`stop` and `restart`, which differ in their last step only.</summary>
internal static class StopCommand
{
    public static Command Create() => Make("stop", "Stop one or more running containers");

    public static Command CreateRestart() => Make("restart", "Restart one or more containers");

    private static Command Make(string verb, string summary)
    {
        var command = new Command($"{verb} [OPTIONS] CONTAINER [CONTAINER...]", summary) { Aliases = [$"container {verb}", verb], Arguments = ArgumentCount.AtLeast(1) };
        var signal = command.Flags.String("signal", 's', "Signal to send to the container");
        var timeout = command.Flags.Int("timeout", 't', "Seconds to wait before killing the container");
        var old = command.Flags.Int("time", null, "Seconds to wait before killing the container", hidden: true);
        command.Run = (context, names) =>
        {
            if (timeout.Changed && old.Changed)
                throw new ExitException(1, "conflicting options: cannot specify both --timeout and --time");
            long? seconds = timeout.Changed ? timeout.Value : old.Changed ? old.Value : null;
            return context.ForEach(names, name =>
            {
                context.Engine.Do("POST", new Query($"/containers/{EngineClient.Escape(name)}/{verb}").Add("signal", signal.Value.Length > 0 ? signal.Value : null).Add("t", seconds));
                return name;
            });
        };
        return command;
    }
}
