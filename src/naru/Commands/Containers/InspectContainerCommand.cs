namespace Naru.Cli.Commands.Containers;

/// <summary>`container inspect`.</summary>
internal static class InspectContainerCommand
{
    public static Command Create()
    {
        var command = new Command("inspect [OPTIONS] CONTAINER [CONTAINER...]", "Display detailed information on one or more containers") { Arguments = ArgumentCount.AtLeast(1) };
        var format = command.Flags.String("format", 'f', Listing.InspectFormatUsage);
        var size = command.Flags.Bool("size", 's', "Display total file sizes");
        command.Run = (context, names) => Inspection.Run(format, names, name => Get(context.Engine, name, size));
        return command;
    }

    public static byte[] Get(EngineClient engine, string name, bool size)
    {
        using var response = engine.Send("GET", new Query($"/containers/{EngineClient.Escape(name)}/json").Add("size", size));
        return response.ReadBytes();
    }
}
