namespace Naru.Cli.Commands.Containers;

/// <summary>`kill`.</summary>
internal static class KillCommand
{
    public static Command Create()
    {
        var command = new Command("kill [OPTIONS] CONTAINER [CONTAINER...]", "Kill one or more running containers") { Aliases = ["container kill", "kill"], Arguments = ArgumentCount.AtLeast(1) };
        var signal = command.Flags.String("signal", 's', "Signal to send to the container");
        command.Run = (context, names) => context.ForEach(names, name =>
        {
            context.Engine.Do("POST", new Query($"/containers/{EngineClient.Escape(name)}/kill").Add("signal", signal.Value.Length > 0 ? signal.Value : null));
            return name;
        });
        return command;
    }
}
