namespace Naru.Cli.Commands.Images;

/// <summary>`image inspect`.</summary>
internal static class InspectImageCommand
{
    public static Command Create()
    {
        var command = new Command("inspect [OPTIONS] IMAGE [IMAGE...]", "Display detailed information on one or more images") { Arguments = ArgumentCount.AtLeast(1) };
        var format = command.Flags.String("format", 'f', Listing.InspectFormatUsage);
        var platform = command.Flags.String("platform", null, "Inspect a specific platform of the multi-platform image.\nIf the image or the server is not multi-platform capable, the command will error out if the platform does not match.\n'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)");
        command.Run = (context, names) => Inspection.Run(format, names, name =>
        {
            using var response = context.Engine.Send("GET", new Query($"/images/{ImagePath.Of(name)}/json").Add("platform", platform.Value.Length > 0 ? PlatformText.Json(platform) : null));
            return response.ReadBytes();
        });
        return command;
    }
}
