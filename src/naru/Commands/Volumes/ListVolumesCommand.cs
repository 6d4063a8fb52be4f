using System.Globalization;
using Naru.Base.Units;

namespace Naru.Cli.Commands.Volumes;

/// <summary>`volume ls`.</summary>
internal static class ListVolumesCommand
{
    public static Command Create()
    {
        var command = new Command("ls [OPTIONS]", "List volumes") { Aliases = ["volume ls", "volume list"], Arguments = ArgumentCount.None };
        var filters = command.Flags.List("filter", 'f', "Provide filter values (e.g. \"dangling=true\")", Filters.Validate, "filter");
        var format = command.Flags.String("format", null, Listing.FormatUsage);
        var quiet = command.Flags.Bool("quiet", 'q', "Only display volume names");
        command.Run = (context, _) =>
        {
            var volumes = context.Engine.Get(new Query("/volumes").Add("filters", Filters.Query(filters.Values)), ApiJson.Default.VolumeListResponse).Volumes ?? [];
            Listing.Print(Listing.Chosen(format, context.Config.VolumesFormat, quiet, "{{.Name}}"), "{{.Driver}}\t{{.Name}}", Columns, volumes.OrderBy(volume => volume.Name, StringComparer.Ordinal));
            return 0;
        };
        return command;
    }

    public static Columns<Volume> Columns => new("*formatter.volumeContext",
    [
        new("Name", "VOLUME NAME", row => row.Name),
        new("Driver", "DRIVER", row => row.Driver),
        new("Scope", "SCOPE", row => row.Scope),
        new("Mountpoint", "MOUNTPOINT", row => row.Mountpoint),
        new("Labels", "LABELS", row => string.Join(',', (row.Labels ?? []).Select(label => $"{label.Key}={label.Value}"))),
        new("Links", "LINKS", row => row.UsageData is { } usage ? usage.RefCount.ToString(CultureInfo.InvariantCulture) : "N/A"),
        new("Size", "SIZE", row => row.UsageData is { } usage ? ByteSize.Human(usage.Size) : "N/A"),
        new("Group", "GROUP", _ => "N/A"),
        new("Status", "STATUS", _ => "N/A"),
        new("Availability", "AVAILABILITY", _ => "N/A"),
    ], row => row.Labels);
}
