using System.Text.Json.Nodes;

namespace Naru.Cli.Commands.Networks;

/// <summary>`network prune`.</summary>
internal static class PruneNetworksCommand
{
    public static Command Create()
    {
        var command = new Command("prune [OPTIONS]", "Remove all unused networks") { Arguments = ArgumentCount.None };
        var filters = command.Flags.List("filter", null, "Provide filter values (e.g. \"until=<timestamp>\")", Filters.Validate, "filter");
        var force = command.Flags.Bool("force", 'f', "Do not prompt for confirmation");
        command.Run = (context, _) =>
        {
            if (!force && !Confirmation.Ask("WARNING! This will remove all custom networks not used by at least one container.\nAre you sure you want to continue?"))
                return 0;
            var deleted = Prune(context, filters.Values);
            if (deleted.Length > 0)
                context.Line(deleted);
            return 0;
        };
        return command;
    }

    /// <summary>What to print of the networks that went; empty when none did.</summary>
    public static string Prune(CliContext context, IEnumerable<string> filters)
    {
        using var response = context.Engine.Send("POST", new Query("/networks/prune").Add("filters", Filters.Query(filters)));
        var names = JsonNode.Parse(response.ReadBytes())?["NetworksDeleted"] as JsonArray ?? [];
        return names.Count == 0 ? "" : "Deleted Networks:\n" + string.Concat(names.Select(name => (string?)name + "\n"));
    }
}
