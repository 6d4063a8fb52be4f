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
                return 0;
            var (text, space) = Prune(context, filters.Values, all);
            if (text.Length > 0)
                context.Line(text);
            context.Line($"Total reclaimed space: {ByteSize.Human(space)}");
            return 0;
        };
        return command;
    }

    /// <summary>What to print of the volumes that went, empty when none did, and the bytes they held.</summary>
    public static (string Text, ulong Space) Prune(CliContext context, IEnumerable<string> filters, bool all)
    {
        using var response = context.Engine.Send("POST", new Query("/volumes/prune").Add("filters", all ? Filters.Query(filters, ("all", "true")) : Filters.Query(filters)));
        var report = response.Read(ApiJson.Default.VolumesPruneReport);
        var text = report.VolumesDeleted is { Count: > 0 } deleted ? "Deleted Volumes:\n" + string.Concat(deleted.Select(name => name + "\n")) : "";
        return (text, (ulong)report.SpaceReclaimed);
    }
}
