namespace Naru.Cli.Commands.Containers;

/// <summary>`export`.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var command = new Command("export [OPTIONS] CONTAINER", "Export a container's filesystem as a tar archive") { Aliases = ["container export", "export"], Arguments = ArgumentCount.Exactly(1) };
        var output = command.Flags.String("output", 'o', "Write to a file, instead of STDOUT");
        command.Run = (context, words) =>
        {
            using var target = ArchiveTarget.Open(output, "export");
            using var response = context.Engine.Send("GET", $"/containers/{EngineClient.Escape(words[0])}/export");
            response.Body.CopyTo(target.Stream);
            target.Keep();
            return 0;
        };
        return command;
    }
}
