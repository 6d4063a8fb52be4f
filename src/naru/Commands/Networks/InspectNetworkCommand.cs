namespace Naru.Cli.Commands.Networks;

/// <summary>`network inspect`.</summary>
internal static class InspectNetworkCommand
{
    public static Command Create()
    {
        var command = new Command("inspect [OPTIONS] NETWORK [NETWORK...]", "Display detailed information on one or more networks") { Arguments = ArgumentCount.AtLeast(1) };
        var format = command.Flags.String("format", 'f', Listing.InspectFormatUsage);
        var verbose = command.Flags.Bool("verbose", 'v', "Verbose output for diagnostics");
        command.Run = (context, names) => Inspection.Run(format, names, name =>
        {
            using var response = context.Engine.Send("GET", new Query($"/networks/{EngineClient.Escape(name)}").Add("verbose", verbose));
            return response.ReadBytes();
        });
        return command;
    }
}
