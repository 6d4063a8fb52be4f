using Naru.Cli.Template;

namespace Naru.Cli.Commands.Containers;

/// <summary>`ps`, `container ls`.</summary>
internal static class ListContainersCommand
{
    public static Command Create(string name)
    {
        var command = new Command($"{name} [OPTIONS]", "List containers")
        {
            Aliases = ["container ls", "container list", "container ps", "ps"],
            Arguments = ArgumentCount.None,
        };
        var flags = command.Flags;
        var all = flags.Bool("all", 'a', "Show all containers (default shows just running)");
        var filters = flags.List("filter", 'f', "Filter output based on conditions provided", Filters.Validate, "filter");
        var format = flags.String("format", null, Listing.FormatUsage);
        var last = flags.Add(new ValueFlag<long>("last", 'n', "Show n last created containers (includes all states)", "int", -1, FlagValues.Int) { DefaultText = "-1" });
        var latest = flags.Bool("latest", 'l', "Show the latest created container (includes all states)");
        var full = flags.Bool("no-trunc", null, "Don't truncate output");
        var quiet = flags.Bool("quiet", 'q', "Only display container IDs");
        var size = flags.Bool("size", 's', "Display total file sizes");
        command.Run = (context, _) =>
        {
            if (format.Value.Length > 0 && quiet)
                context.ErrorLine("WARNING: Ignoring custom format, because both --format and --quiet are set.");
            var chosen = quiet ? "{{.ID}}" : format.Value.Length > 0 ? format.Value : context.Config.PsFormat ?? "";
            var limit = latest ? 1 : last.Value;
            var query = new Query("/containers/json").Add("all", all).Add("limit", limit > 0 ? limit : null)
                .Add("size", size || (!quiet && WantsSize(chosen))).Add("filters", Filters.Query(filters.Values));
            var rows = context.Engine.Get(query, ApiJson.Default.IReadOnlyListContainerSummary);
            var table = size ? ContainerColumns.Table + "\t{{.Size}}" : ContainerColumns.Table;
            Listing.Print(chosen, table, ContainerColumns.Make(!full), rows);
            return 0;
        };
        return command;
    }

    /// <summary>Tries the format on an empty row, so that sizes, which cost the engine, are asked for only where they are shown.</summary>
    /// <exception cref="ExitException">The format does not parse or does not fit.</exception>
    private static bool WantsSize(string format)
    {
        if (format is "" or "table" or "json")
            return false;
        var wanted = false;
        try
        {
            GoTemplate.Parse(format).Execute(new RowFields<ContainerSummary>(ContainerColumns.Make(truncate: true), new ContainerSummary(), header: false, name => wanted |= name == "Size"));
        }
        catch (TemplateException e)
        {
            throw new ExitException(1, (e.Message.Contains("executing", StringComparison.Ordinal) ? "failed to execute template: " : "failed to parse template: ") + e.Message);
        }

        return wanted;
    }
}
