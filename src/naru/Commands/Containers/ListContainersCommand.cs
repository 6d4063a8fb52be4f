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
            var chosen = format.Value.Length > 0 || quiet ? format.Value : context.Config.PsFormat ?? "";
            var limit = latest ? 1 : last.Value;
            var query = new Query("/containers/json").Add("all", all).Add("limit", limit > 0 ? limit : null)
                .Add("size", size || (!quiet && chosen.Contains(".Size", StringComparison.Ordinal))).Add("filters", Filters.Query(filters.Values));
            var rows = context.Engine.Get(query, ApiJson.Default.IReadOnlyListContainerSummary);
            var table = quiet ? "{{.ID}}" : size ? ContainerColumns.Table + "\t{{.Size}}" : ContainerColumns.Table;
            Listing.Print(quiet && chosen is "" or "table" ? quiet ? "{{.ID}}" : chosen : chosen, table, ContainerColumns.Make(!full), rows);
            return 0;
        };
        return command;
    }
}
