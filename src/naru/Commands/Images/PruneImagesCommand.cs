using Naru.Base.Units;

namespace Naru.Cli.Commands.Images;

/// <summary>`image prune`.</summary>
internal static class PruneImagesCommand
{
    public static Command Create()
    {
        var command = new Command("prune [OPTIONS]", "Remove unused images") { Arguments = ArgumentCount.None };
        var all = command.Flags.Bool("all", 'a', "Remove all unused images, not just dangling ones");
        var filters = command.Flags.List("filter", null, "Provide filter values (e.g. \"until=<timestamp>\")", Filters.Validate, "filter");
        var force = command.Flags.Bool("force", 'f', "Do not prompt for confirmation");
        command.Run = (context, _) =>
        {
            var warning = all ? "WARNING! This will remove all images without at least one container associated to them.\nAre you sure you want to continue?" : "WARNING! This will remove all dangling images.\nAre you sure you want to continue?";
            if (!force && !Confirmation.Ask(warning))
                throw new ExitException(1, "image prune has been cancelled");
            using var response = context.Engine.Send("POST", new Query("/images/prune").Add("filters", Filters.Query(filters.Values, ("dangling", all ? "false" : "true"))));
            var report = response.Read(ApiJson.Default.ImagesPruneReport);
            if (report.ImagesDeleted is { Count: > 0 } deleted)
                context.Line("Deleted Images:\n" + string.Concat(deleted.Select(item => item.Untagged is not null ? $"untagged: {item.Untagged}\n" : $"deleted: {item.Deleted}\n")));
            context.Line($"Total reclaimed space: {ByteSize.Human(report.SpaceReclaimed)}");
            return 0;
        };
        return command;
    }
}
