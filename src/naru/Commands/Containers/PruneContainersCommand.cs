using Naru.Base.Units;

namespace Naru.Cli.Commands.Containers;

/// <summary>`container prune`.</summary>
internal static class PruneContainersCommand
{
    public static Command Create()
    {
        var command = new Command("prune [OPTIONS]", "Remove all stopped containers") { Arguments = ArgumentCount.None };
        var filters = command.Flags.List("filter", null, "Provide filter values (e.g. \"until=<timestamp>\")", Filters.Validate, "filter");
        var force = command.Flags.Bool("force", 'f', "Do not prompt for confirmation");
        command.Run = (context, _) =>
        {
            if (!force && !Confirmation.Ask("WARNING! This will remove all stopped containers.\nAre you sure you want to continue?"))
                return 0;
            var (text, space) = Prune(context, filters.Values);
            if (text.Length > 0)
                context.Line(text);
            context.Line($"Total reclaimed space: {ByteSize.Human(space)}");
            return 0;
        };
        return command;
    }

    /// <summary>What to print of the containers that went, empty when none did, and the bytes they held.</summary>
    public static (string Text, ulong Space) Prune(CliContext context, IEnumerable<string> filters)
    {
        using var response = context.Engine.Send("POST", new Query("/containers/prune").Add("filters", Filters.Query(filters)));
        var report = response.Read(ApiJson.Default.ContainersPruneReport);
        var text = report.ContainersDeleted is { Count: > 0 } deleted ? "Deleted Containers:\n" + string.Concat(deleted.Select(id => id + "\n")) : "";
        return (text, (ulong)report.SpaceReclaimed);
    }
}
