using Naru.Cli.Config;

namespace Naru.Cli.Commands.Contexts;

/// <summary>`context ls`.</summary>
internal static class ListContextsCommand
{
    public const string DefaultDescription = "Current DOCKER_HOST based configuration";

    private sealed record Row(string Name, string Description, string Endpoint, bool Current, string Error);

    public static Command Create()
    {
        var command = new Command("ls [OPTIONS]", "List contexts") { Aliases = ["context ls", "context list"], Arguments = ArgumentCount.None };
        var format = command.Flags.String("format", null, Listing.FormatUsage);
        var quiet = command.Flags.Bool("quiet", 'q', "Only show context names");
        command.Run = (context, _) =>
        {
            var current = Endpoint.ContextName(context.Globals, context.Config);
            var rows = new ContextStore(context.Config.Folder).List().Select(stored => new Row(stored.Name, stored.Description, stored.Host, stored.Name == current, "")).ToList();
            rows.Add(new Row(ContextStore.Default, DefaultDescription, DockerEndpoint.Standard(context).Host, current == ContextStore.Default, ""));
            if (rows.TrueForAll(row => !row.Current))
                rows.Add(new Row(current, "", "", true, $"context {GoText.Quote(current)}: context not found: open {Path.Combine(new ContextStore(context.Config.Folder).MetadataFolder(current), "meta.json")}: no such file or directory"));
            if (quiet)
                Listing.Print("{{.Name}}", "", Columns, rows.OrderBy(row => row.Name, StringComparer.Ordinal));
            else
                Listing.Print(format, "{{.Name}}{{if .Current}} *{{end}}\t{{.Description}}\t{{.DockerEndpoint}}\t{{.Error}}", Columns, rows.OrderBy(row => row.Name, StringComparer.Ordinal));
            if (!context.Globals.Context.Changed && !quiet && !context.Globals.Host.Changed && !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DOCKER_HOST")))
                context.ErrorLine("Warning: DOCKER_HOST environment variable overrides the active context. To use a context, either set the global --context flag, or unset DOCKER_HOST environment variable.");
            return 0;
        };
        return command;
    }

    private static Columns<Row> Columns => new("*formatter.clientContextContext",
    [
        new("Name", "NAME", row => row.Name),
        new("Description", "DESCRIPTION", row => row.Description),
        new("DockerEndpoint", "DOCKER ENDPOINT", row => row.Endpoint),
        new("Current", "", row => row.Current),
        new("Error", "ERROR", row => Ellipsis.Cut(row.Error.Replace('\n', ' '), 45)),
    ]);
}
