using System.Globalization;
using Naru.Base.Units;

namespace Naru.Cli.Commands.Images;

/// <summary>`history`.</summary>
internal static class HistoryCommand
{
    public static Command Create()
    {
        var command = new Command("history [OPTIONS] IMAGE", "Show the history of an image") { Aliases = ["image history", "history"], Arguments = ArgumentCount.Exactly(1) };
        var flags = command.Flags;
        var format = flags.String("format", null, Listing.FormatUsage);
        var human = flags.Bool("human", 'H', "Print sizes and dates in human readable format", initial: true);
        var full = flags.Bool("no-trunc", null, "Don't truncate output");
        var platform = flags.String("platform", null, "Show history for the given platform. Formatted as \"os[/arch[/variant]]\" (e.g., \"linux/amd64\")");
        var quiet = flags.Bool("quiet", 'q', "Only show image IDs");
        command.Run = (context, names) =>
        {
            var query = new Query($"/images/{ImagePath.Of(names[0])}/history").Add("platform", platform.Value.Length > 0 ? PlatformText.Json(platform) : null);
            var items = context.Engine.Get(query, ApiJson.Default.IReadOnlyListImageHistoryItem);
            var table = human ? "{{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}" : "{{.ID}}\t{{.CreatedAt}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}";
            Listing.Print(Listing.Chosen(format, null, quiet, "{{.ID}}"), table, Columns(!full, human), items);
            return 0;
        };
        return command;
    }

    private static Columns<ImageHistoryItem> Columns(bool truncate, bool human) => new("*image.historyContext",
    [
        new("ID", "IMAGE", row => truncate ? Ellipsis.Id(row.Id) : row.Id),
        new("CreatedSince", "CREATED", row => human ? row.Created > 0 ? HumanTime.Since(row.Created) : "" : At(row)),
        new("CreatedAt", "CREATED AT", At),
        new("CreatedBy", "CREATED BY", row => By(row, truncate)),
        new("Size", "SIZE", row => human ? ByteSize.HumanWithPrecision(row.Size, 3) : row.Size.ToString(CultureInfo.InvariantCulture)),
        new("Comment", "COMMENT", row => row.Comment),
    ]);

    private static string At(ImageHistoryItem row) => DateTimeOffset.FromUnixTimeSeconds(row.Created).ToLocalTime().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture).Replace("+00:00", "Z");

    private static string By(ImageHistoryItem row, bool truncate)
    {
        var text = row.CreatedBy.Replace('\t', ' ');
        return truncate ? Ellipsis.Cut(text, 45) : text;
    }
}
