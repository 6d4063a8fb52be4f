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
                throw new ExitException(1, "container prune has been cancelled");
            using var response = context.Engine.Send("POST", new Query("/containers/prune").Add("filters", Filters.Query(filters.Values)));
            var report = response.Read(ApiJson.Default.ContainersPruneReport);
            if (report.ContainersDeleted is { Count: > 0 } deleted)
                context.Line("Deleted Containers:\n" + string.Concat(deleted.Select(id => id + "\n")));
            context.Line($"Total reclaimed space: {ByteSize.Human(report.SpaceReclaimed)}");
            return 0;
        };
        return command;
    }
}
