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
                return 0;
            var (text, space) = Prune(context, filters.Values, all);
            if (text.Length > 0)
                context.Line(text);
            context.Line($"Total reclaimed space: {ByteSize.Human(space)}");
            return 0;
        };
        return command;
    }

    /// <summary>What to print of the images that went, empty when none did, and the bytes they held.</summary>
    public static (string Text, ulong Space) Prune(CliContext context, IEnumerable<string> filters, bool all)
    {
        using var response = context.Engine.Send("POST", new Query("/images/prune").Add("filters", Filters.Query(filters, ("dangling", all ? "false" : "true"))));
        var report = response.Read(ApiJson.Default.ImagesPruneReport);
        var text = report.ImagesDeleted is { Count: > 0 } deleted
            ? "Deleted Images:\n" + string.Concat(deleted.Select(item => item.Untagged is not null ? $"untagged: {item.Untagged}\n" : $"deleted: {item.Deleted}\n"))
            : "";
        return (text, (ulong)report.SpaceReclaimed);
    }
}
