using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.Images;

/// <summary>`import`.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var command = new Command("import [OPTIONS] file|URL|- [REPOSITORY[:TAG]]", "Import the contents from a tarball to create a filesystem image") { Aliases = ["image import", "import"], Arguments = ArgumentCount.AtLeast(1) };
        var changes = command.Flags.List("change", 'c', "Apply Dockerfile instruction to the created image");
        var message = command.Flags.String("message", 'm', "Set commit message for imported image");
        var platform = command.Flags.String("platform", null, "Set platform if server is multi-platform capable");
        command.Run = (context, words) =>
        {
            var source = words[0];
            var address = source.StartsWith("http://", StringComparison.Ordinal) || source.StartsWith("https://", StringComparison.Ordinal);
            var query = new Query("/images/create").Add("fromSrc", address ? source : "-").Add("repo", words.Count > 1 ? words[1] : null)
                .Add("message", message.Value.Length > 0 ? message.Value : null).Add("platform", platform.Value.Length > 0 ? platform.Value : null);
            foreach (var change in changes.Values)
                query.Add("changes", change);
            if (!address && source != "-" && !File.Exists(source))
                throw new ExitException(1, $"open {source}: no such file or directory");
            using var archive = address ? Stream.Null : source == "-" ? Streams.In : File.OpenRead(source);
            using var response = context.Engine.SendStream("POST", query, "application/x-tar", archive);
            new ProgressPrinter(1).Print(response.Body);
            return 0;
        };
        return command;
    }
}
