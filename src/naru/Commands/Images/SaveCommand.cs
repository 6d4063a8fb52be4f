namespace Naru.Cli.Commands.Images;

/// <summary>`save`.</summary>
internal static class SaveCommand
{
    public static Command Create()
    {
        var command = new Command("save [OPTIONS] IMAGE [IMAGE...]", "Save one or more images to a tar archive (streamed to STDOUT by default)") { Aliases = ["image save", "save"], Arguments = ArgumentCount.AtLeast(1) };
        var output = command.Flags.String("output", 'o', "Write to a file, instead of STDOUT");
        var platform = command.Flags.String("platform", null, "Save only the given platform variant. Formatted as \"os[/arch[/variant]]\" (e.g., \"linux/amd64\")");
        command.Run = (context, names) =>
        {
            using var target = ArchiveTarget.Open(output, "save");
            var query = new Query("/images/get");
            foreach (var name in names)
                query.Add("names", name);
            using var response = context.Engine.Send("GET", query.Add("platform", platform.Value.Length > 0 ? PlatformText.Json(platform) : null));
            response.Body.CopyTo(target.Stream);
            target.Keep();
            return 0;
        };
        return command;
    }
}
