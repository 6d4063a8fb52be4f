namespace Naru.Cli.Commands.Volumes;

/// <summary>`volume inspect`.</summary>
internal static class InspectVolumeCommand
{
    public static Command Create()
    {
        var command = new Command("inspect [OPTIONS] VOLUME [VOLUME...]", "Display detailed information on one or more volumes") { Arguments = ArgumentCount.AtLeast(1) };
        var format = command.Flags.String("format", 'f', Listing.InspectFormatUsage);
        command.Run = (context, names) => Inspection.Run(format, names, name =>
        {
            using var response = context.Engine.Send("GET", $"/volumes/{EngineClient.Escape(name)}");
            return response.ReadBytes();
        });
        return command;
    }
}
