using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.Images;

/// <summary>`load`.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var command = new Command("load [OPTIONS]", "Load an image from a tar archive or STDIN") { Aliases = ["image load", "load"], Arguments = ArgumentCount.None };
        var input = command.Flags.String("input", 'i', "Read from tar archive file, instead of STDIN");
        var platform = command.Flags.String("platform", null, "Load only the given platform variant. Formatted as \"os[/arch[/variant]]\" (e.g., \"linux/amd64\")");
        var quiet = command.Flags.Bool("quiet", 'q', "Suppress the load output");
        command.Run = (context, _) =>
        {
            if (input.Value.Length == 0 && ConsoleTerminal.IsTerminal(0))
                throw new ExitException(1, "requested load from stdin, but stdin is empty");
            if (input.Value.Length > 0 && !File.Exists(input))
                throw new ExitException(1, $"open {input.Value}: no such file or directory");
            using var archive = input.Value.Length > 0 ? File.OpenRead(input) : Streams.In;
            var query = new Query("/images/load").Add("quiet", quiet || !ConsoleTerminal.IsTerminal(1) ? "1" : "0").Add("platform", platform.Value.Length > 0 ? PlatformText.Json(platform) : null);
            using var response = context.Engine.SendStream("POST", query, "application/x-tar", archive);
            if (response.Headers.GetValueOrDefault("Content-Type", "").StartsWith("application/json", StringComparison.Ordinal))
                new ProgressPrinter(1).Print(response.Body);
            else
                response.Body.CopyTo(Streams.Out);
            return 0;
        };
        return command;
    }
}
