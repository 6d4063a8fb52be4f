namespace Naru.Cli.Commands.Networks;

/// <summary>`network ls`.</summary>
internal static class ListNetworksCommand
{
    public static Command Create()
    {
        var command = new Command("ls [OPTIONS]", "List networks") { Aliases = ["network ls", "network list"], Arguments = ArgumentCount.None };
        var filters = command.Flags.List("filter", 'f', "Provide filter values (e.g. \"driver=bridge\")", Filters.Validate, "filter");
        var format = command.Flags.String("format", null, Listing.FormatUsage);
        var full = command.Flags.Bool("no-trunc", null, "Do not truncate the output");
        var quiet = command.Flags.Bool("quiet", 'q', "Only display network IDs");
        command.Run = (context, _) =>
        {
            var networks = context.Engine.Get(new Query("/networks").Add("filters", Filters.Query(filters.Values)), ApiJson.Default.IReadOnlyListNetworkResource);
            Listing.Print(Listing.Chosen(format, context.Config.NetworksFormat, quiet, "{{.ID}}"), "{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}", Columns(!full), networks.OrderBy(network => network.Name, StringComparer.Ordinal));
            return 0;
        };
        return command;
    }

    private static Columns<NetworkResource> Columns(bool truncate) => new("*network.networkContext",
    [
        new("ID", "NETWORK ID", row => truncate ? Ellipsis.Id(row.Id) : row.Id),
        new("Name", "NAME", row => row.Name),
        new("Driver", "DRIVER", row => row.Driver),
        new("Scope", "SCOPE", row => row.Scope),
        new("IPv4", "IPV4", row => row.EnableIPv4 ? "true" : "false"),
        new("IPv6", "IPV6", row => row.EnableIPv6 ? "true" : "false"),
        new("Internal", "INTERNAL", row => row.Internal ? "true" : "false"),
        new("Labels", "LABELS", row => string.Join(',', (row.Labels ?? []).Select(label => $"{label.Key}={label.Value}"))),
        new("CreatedAt", "CREATED AT", row => row.Created.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF zzz", global::System.Globalization.CultureInfo.InvariantCulture)),
    ], row => row.Labels);
}
