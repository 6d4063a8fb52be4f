using System.Globalization;
using Naru.Base.Units;

namespace Naru.Cli.Commands.Builds;

/// <summary>`builder prune`: removes build cache, down to what is to be kept.</summary>
internal static class PruneBuilderCommand
{
    public static Command Create()
    {
        var command = new Command("prune", "Remove build cache") { Aliases = ["builder prune", "buildx prune"], Arguments = ArgumentCount.None };
        var flags = command.Flags;
        var all = flags.Bool("all", 'a', "Include internal/frontend images");
        var builder = flags.String("builder", null, "Override the configured builder instance");
        flags.Bool("debug", 'D', "Enable debug logging");
        var filters = flags.List("filter", null, "Provide filter values", Filters.Validate, "filter");
        var force = flags.Bool("force", 'f', "Do not prompt for confirmation");
        var most = flags.Bytes("max-used-space", null, "Maximum amount of disk space allowed to keep for cache");
        var free = flags.Bytes("min-free-space", null, "Target amount of free disk space after pruning");
        var reserved = flags.Bytes("reserved-space", null, "Amount of disk space always allowed to keep for cache");
        // Docker's older word for it.
        var storage = flags.Bytes("keep-storage", null, "Amount of disk space to keep for cache", hidden: true);
        var verbose = flags.Bool("verbose", null, "Provide a more verbose output");
        command.Run = (context, _) =>
        {
            BuilderName.Check(builder);
            var warning = all ? "WARNING! This will remove all build cache. Are you sure you want to continue?" : "WARNING! This will remove all dangling build cache. Are you sure you want to continue?";
            if (!force && !Confirmation.Ask(warning))
                return 0;
            var query = new Query("/build/prune")
                .Add("all", all ? "1" : null)
                .Add("filters", Filters.Query(filters.Values))
                .Add("keep-storage", Size(storage))
                .Add("reserved-space", Size(reserved.Changed ? reserved : storage))
                .Add("max-used-space", Size(most))
                .Add("min-free-space", Size(free));
            // The answer has ids only: what they were must be asked before.
            var records = verbose ? CacheRecords.Read(context, []) : [];
            using var response = context.Engine.Send("POST", query);
            var report = response.Read(ApiJson.Default.BuildPruneReport);
            if (report.CachesDeleted is { Count: > 0 } deleted)
            {
                context.Line("Deleted build cache objects:");
                foreach (var id in deleted)
                {
                    if (records.Find(record => record.ID == id) is { } record)
                        CacheRecords.Show(record);
                    else
                        context.Line(id);
                }

                context.Line("");
            }

            context.Line($"Total:\t{ByteSize.Human(report.SpaceReclaimed)}");
            return 0;
        };
        return command;
    }

    /// <summary>What to print of the cache that went for `system prune`, empty when none did, and the bytes it held.</summary>
    public static (string Text, ulong Space) Prune(CliContext context, IEnumerable<string> filters, bool all)
    {
        // Labels are an image's; the cache knows of times only.
        var times = filters.Where(filter => filter.StartsWith("until=", StringComparison.Ordinal));
        using var response = context.Engine.Send("POST", new Query("/build/prune").Add("all", all ? "1" : null).Add("filters", Filters.Query(times)));
        var report = response.Read(ApiJson.Default.BuildPruneReport);
        var text = report.CachesDeleted is { Count: > 0 } deleted ? "Deleted build cache objects:\n" + string.Concat(deleted.Select(id => id + "\n")) : "";
        return (text, (ulong)report.SpaceReclaimed);
    }

    private static string? Size(ValueFlag<long> flag) => flag.Value > 0 ? flag.Value.ToString(CultureInfo.InvariantCulture) : null;
}
