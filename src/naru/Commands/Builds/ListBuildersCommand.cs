using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.Builds;

/// <summary>`builder ls`: the one builder, and where it is.</summary>
internal static class ListBuildersCommand
{
    private sealed record Row(string Name, string Driver, string Status, string Version, string Platforms)
    {
        public static Columns<Row> Columns { get; } = new("*commands.lsContext",
        [
            new("Name", "NAME/NODE", row => row.Name),
            new("DriverEndpoint", "DRIVER/ENDPOINT", row => row.Driver),
            new("Status", "STATUS", row => row.Status),
            new("Buildkit", "BUILDKIT", row => row.Version),
            new("Platforms", "PLATFORMS", row => row.Platforms),
        ]);
    }

    public static Command Create()
    {
        var command = new Command("ls", "List builder instances") { Aliases = ["builder ls", "buildx ls"], Arguments = ArgumentCount.None };
        command.Flags.Bool("debug", 'D', "Enable debug logging");
        var format = command.Flags.String("format", null, "Format the output", "table");
        var whole = command.Flags.Bool("no-trunc", null, "Don't truncate output");
        command.Run = (context, _) =>
        {
            var state = BuilderState.Ask(context);
            var rows = new List<Row>
            {
                new(BuilderName.Default + "*", "docker", "", "", ""),
                new($" \\_ {BuilderName.Default}", $" \\_ {BuilderName.Default}", state.Status, state.Version, Short(state.Platforms, whole)),
            };
            Listing.Print(format, "{{.Name}}\t{{.DriverEndpoint}}\t{{.Status}}\t{{.Buildkit}}\t{{.Platforms}}", Row.Columns, rows);
            if (state.Error.Length > 0)
                Streams.ErrorLine($"\nCannot load builder {BuilderName.Default}: {state.Error}");
            return 0;
        };
        return command;
    }

    /// <summary>Each architecture by its first platform, and how many more there are of it.</summary>
    private static string Short(List<string> platforms, bool whole)
    {
        if (whole)
            return string.Join(", ", platforms);
        var shown = new List<string>();
        foreach (var platform in platforms)
        {
            var parts = platform.Split('/');
            var architecture = $"{parts[0]}/{parts[1]}";
            var count = platforms.FindAll(other => other == architecture || other.StartsWith(architecture + "/", StringComparison.Ordinal)).Count;
            var text = count > 1 ? $"{architecture} (+{count})" : platform;
            if (!shown.Contains(text))
                shown.Add(text);
        }

        return string.Join(", ", shown);
    }
}
