using System.Globalization;
using System.Text.Json;
using Naru.Base.Units;
using Naru.Cli.Commands.Containers;
using Naru.Cli.Commands.Images;
using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.System;

/// <summary>`system df`.</summary>
internal static class DiskUsageCommand
{
    private const string Table = "{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}";

    /// <summary>One line: a kind of thing, how many there are and are in use, their bytes and those that could go.</summary>
    private sealed record Row(string Type, int Total, int Active, double Size, double Reclaimable, bool Percents)
    {
        public static Columns<Row> Columns { get; } = new("*formatter.diskUsageContext",
        [
            new("Type", "TYPE", row => row.Type),
            new("TotalCount", "TOTAL", row => row.Total.ToString(CultureInfo.InvariantCulture)),
            new("Active", "ACTIVE", row => row.Active.ToString(CultureInfo.InvariantCulture)),
            new("Size", "SIZE", row => ByteSize.Human(row.Size)),
            new("Reclaimable", "RECLAIMABLE", row => row.Percents && row.Size > 0
                ? $"{ByteSize.Human(row.Reclaimable)} ({(long)(row.Reclaimable * 100 / row.Size)}%)"
                : ByteSize.Human(row.Reclaimable)),
        ]);
    }

    public static Command Create()
    {
        var command = new Command("df [OPTIONS]", "Show docker disk usage") { Arguments = ArgumentCount.None };
        var format = command.Flags.String("format", null, Listing.FormatUsage);
        var verbose = command.Flags.Bool("verbose", 'v', "Show detailed information on space usage");
        command.Run = (context, _) =>
        {
            using var response = context.Engine.Send("GET", "/system/df");
            using var document = JsonDocument.Parse(response.ReadBytes());
            var usage = document.RootElement;
            var images = List(usage, "Images").Select(image => image.Deserialize(ApiJson.Default.ImageSummary)!).ToList();
            var containers = List(usage, "Containers").Select(container => container.Deserialize(ApiJson.Default.ContainerSummary)!).ToList();
            var volumes = List(usage, "Volumes").Select(volume => volume.Deserialize(ApiJson.Default.Volume)!).ToList();
            if (verbose && format.Value is "" or "table")
            {
                Details(images, containers, volumes, List(usage, "BuildCache"));
                return 0;
            }

            if (verbose)
            {
                Streams.OutText(Formatted.Text(format == "json" ? "{{json .}}" : format.Value, Everything(images, containers, volumes)));
                return 0;
            }

            var layers = usage.TryGetProperty("LayersSize", out var size) && size.ValueKind == JsonValueKind.Number ? size.GetInt64() : 0;
            Listing.Print(format, Table, Row.Columns, Rows(layers, images, containers, volumes, List(usage, "BuildCache")));
            return 0;
        };
        return command;
    }

    private static IEnumerable<Row> Rows(long layers, List<ImageSummary> images, List<ContainerSummary> containers, List<Volume> volumes, List<JsonElement> cache)
    {
        var used = images.Where(image => image.Containers > 0).Sum(image => image.Size < 0 || image.SharedSize < 0 ? 0 : image.Size - image.SharedSize);
        yield return new Row("Images", images.Count, images.Count(image => image.Containers > 0), layers, layers - used, true);
        var running = containers.Where(container => container.State is "running" or "paused" or "restarting").ToList();
        var own = containers.Sum(container => container.SizeRw);
        yield return new Row("Containers", containers.Count, running.Count, own, own - running.Sum(container => container.SizeRw), true);
        var sized = volumes.Where(volume => volume.UsageData is { Size: not -1 }).ToList();
        var all = sized.Sum(volume => volume.UsageData!.Size);
        yield return new Row("Local Volumes", volumes.Count, volumes.Count(volume => volume.UsageData is { RefCount: > 0 }), all, sized.Where(volume => volume.UsageData!.RefCount == 0).Sum(volume => volume.UsageData!.Size), true);
        var parts = cache.Select(record => new { Size = record.GetProperty("Size").GetInt64(), InUse = record.GetProperty("InUse").GetBoolean(), Shared = record.GetProperty("Shared").GetBoolean() }).ToList();
        yield return new Row("Build Cache", parts.Count, parts.Count(part => part.InUse), parts.Where(part => !part.Shared).Sum(part => part.Size), parts.Where(part => !part.Shared && !part.InUse).Sum(part => part.Size), false);
    }

    private static void Details(List<ImageSummary> images, List<ContainerSummary> containers, List<Volume> volumes, List<JsonElement> cache)
    {
        Streams.OutText("Images space usage:\n\n");
        Listing.Print("", "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}\t{{.SharedSize}}\t{{.UniqueSize}}\t{{.Containers}}", ListImagesCommand.Columns(truncate: true), images.Select(ListImagesCommand.First));
        Streams.OutText("\nContainers space usage:\n\n");
        Listing.Print("", "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t{{.Status}}\t{{.Names}}", ContainerColumns.Make(truncate: true), containers.Select(container => container with { SizeRootFs = 0 }));
        Streams.OutText("\nLocal Volumes space usage:\n\n");
        Listing.Print("", "{{.Name}}\t{{.Links}}\t{{.Size}}", Volumes.ListVolumesCommand.Columns, volumes);
        var records = cache.ConvertAll(record => record.Deserialize(ApiJson.Default.BuildCacheRecord)!);
        Streams.OutText($"\nBuild cache usage: {ByteSize.Human(records.Sum(record => record.Shared ? 0 : record.Size))}\n\n");
        var text = "CACHE ID\tCACHE TYPE\tSIZE\tCREATED\tLAST USED\tUSAGE\tSHARED\n";
        foreach (var record in records)
            text += $"{Ellipsis.Id(record.Id)}\t{record.Type}\t{ByteSize.Human(record.Size)}\t{Ago(record.CreatedAt)}\t{Ago(record.LastUsedAt)}\t{record.UsageCount}\t{(record.Shared ? "true" : "false")}\n";
        Streams.OutText(TabWriter.Align(text));
    }

    /// <summary>All of it as a format sees it with -v: .Images, .Containers, .Volumes, .BuildCache.</summary>
    private static Dictionary<string, object?> Everything(List<ImageSummary> images, List<ContainerSummary> containers, List<Volume> volumes)
    {
        var (image, container, volume) = (ListImagesCommand.Columns(truncate: false), ContainerColumns.Make(truncate: false), Volumes.ListVolumesCommand.Columns);
        return new()
        {
            ["Images"] = images.Select(row => (object?)new RowFields<ListImagesCommand.Row>(image, ListImagesCommand.First(row), header: false)).ToList(),
            ["Containers"] = containers.Select(row => (object?)new RowFields<ContainerSummary>(container, row, header: false)).ToList(),
            ["Volumes"] = volumes.Select(row => (object?)new RowFields<Volume>(volume, row, header: false)).ToList(),
            ["BuildCache"] = new List<object?>(),
        };
    }

    private static string Ago(string? time) => DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at.Year > 1970 ? HumanTime.Since(at.ToUnixTimeSeconds()) : "";

    private static List<JsonElement> List(JsonElement usage, string name) =>
        usage.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];
}
