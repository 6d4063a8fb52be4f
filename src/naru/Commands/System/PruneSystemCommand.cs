using System.Text;
using Naru.Base.Units;
using Naru.Cli.Commands.Builds;
using Naru.Cli.Commands.Containers;
using Naru.Cli.Commands.Images;
using Naru.Cli.Commands.Networks;
using Naru.Cli.Commands.Volumes;

namespace Naru.Cli.Commands.System;

/// <summary>`system prune`: containers, networks, volumes where asked, images.</summary>
internal static class PruneSystemCommand
{
    public static Command Create()
    {
        var command = new Command("prune [OPTIONS]", "Remove unused data") { Arguments = ArgumentCount.None };
        var all = command.Flags.Bool("all", 'a', "Remove all unused images not just dangling ones");
        var filters = command.Flags.List("filter", null, "Provide filter values (e.g. \"label=<key>=<value>\")", Filters.Validate, "filter");
        var force = command.Flags.Bool("force", 'f', "Do not prompt for confirmation");
        var volumes = command.Flags.Bool("volumes", null, "Prune anonymous volumes");
        command.Run = (context, _) =>
        {
            if (volumes && filters.Values.Any(filter => filter.StartsWith("until=", StringComparison.Ordinal)))
                throw new ExitException(1, "ERROR: The \"until\" filter is not supported with \"--volumes\"");
            if (!force && !Confirmation.Ask(Warning(all, volumes, filters.Values)))
                return 0;
            ulong space = 0;
            Report(PruneContainersCommand.Prune(context, filters.Values));
            Report((PruneNetworksCommand.Prune(context, filters.Values), 0));
            if (volumes)
                Report(PruneVolumesCommand.Prune(context, filters.Values, all: false));
            Report(PruneImagesCommand.Prune(context, filters.Values, all));
            Report(PruneBuilderCommand.Prune(context, filters.Values, all));
            context.Line($"Total reclaimed space: {ByteSize.Human(space)}");
            return 0;

            void Report((string Text, ulong Space) pruned)
            {
                space += pruned.Space;
                if (pruned.Text.Length > 0)
                    context.Line(pruned.Text);
            }
        };
        return command;
    }

    private static string Warning(bool all, bool volumes, IReadOnlyList<string> filters)
    {
        var text = new StringBuilder("WARNING! This will remove:\n  - all stopped containers\n  - all networks not used by at least one container\n");
        if (volumes)
            text.Append("  - all anonymous volumes not used by at least one container\n");
        text.Append(all ? "  - all images without at least one container associated to them\n  - all build cache\n" : "  - all dangling images\n  - unused build cache\n");
        if (filters.Count > 0)
            text.Append("\n  Items to be pruned will be filtered with:\n").Append(string.Concat(filters.Order(StringComparer.Ordinal).Select(filter => $"  - {filter}\n")));
        return text.Append("\nAre you sure you want to continue?").ToString();
    }
}
