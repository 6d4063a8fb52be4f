using Naru.Base.Units;

namespace Naru.Cli.Commands.Volumes;

/// <summary>`volume prune`.</summary>
internal static class PruneVolumesCommand
{
    public static Command Create()
    {
        var command = new Command("prune [OPTIONS]", "Remove unused local volumes") { Arguments = ArgumentCount.None };
        var all = command.Flags.Bool("all", 'a', "Remove all unused volumes, not just anonymous ones");
        var filters = command.Flags.List("filter", null, "Provide filter values (e.g. \"label=<label>\")", Filters.Validate, "filter");
        var force = command.Flags.Bool("force", 'f', "Do not prompt for confirmation");
        command.Run = (context, _) =>
        {
            var warning = all ? "WARNING! This will remove all local volumes not used by at least one container.\nAre you sure you want to continue?" : "WARNING! This will remove anonymous local volumes not used by at least one container.\nAre you sure you want to continue?";
            if (!force && !Confirmation.Ask(warning))
                throw new ExitException(1, "volume prune has been cancelled");
            using var response = context.Engine.Send("POST", new Query("/volumes/prune").Add("filters", all ? Filters.Query(filters.Values, ("all", "true")) : Filters.Query(filters.Values)));
            var report = response.Read(ApiJson.Default.VolumesPruneReport);
            if (report.VolumesDeleted is { Count: > 0 } deleted)
                context.Line("Deleted Volumes:\n" + string.Concat(deleted.Select(name => name + "\n")));
            context.Line($"Total reclaimed space: {ByteSize.Human(report.SpaceReclaimed)}");
            return 0;
        };
        return command;
    }
}
