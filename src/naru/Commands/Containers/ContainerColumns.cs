using System.Globalization;
using System.Text.Json;
using Naru.Base.Units;
using Naru.Cli.Template;

namespace Naru.Cli.Commands.Containers;

/// <summary>The columns of `ps`.</summary>
internal static class ContainerColumns
{
    public const string Table = "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";

    public static Columns<ContainerSummary> Make(bool truncate) => new("*formatter.ContainerContext",
    [
        new("ID", "CONTAINER ID", row => truncate ? Ellipsis.Id(row.Id) : row.Id),
        new("Names", "NAMES", row => Names(row, truncate)),
        new("Image", "IMAGE", row => Image(row, truncate)),
        new("Command", "COMMAND", row => GoText.Quote(truncate ? Ellipsis.Cut(row.Command, 20) : row.Command)),
        new("CreatedAt", "CREATED AT", row => HumanTime.Local(row.Created)),
        new("RunningFor", "CREATED", row => HumanTime.Since(row.Created)),
        new("Ports", "PORTS", row => PortText.Format(row.Ports ?? [])),
        new("Platform", "PLATFORM", row => row.ImageManifestDescriptor is { ValueKind: JsonValueKind.Object } descriptor && descriptor.TryGetProperty("platform", out var platform) ? JsonValues.From(platform) : null),
        new("State", "STATE", row => row.State),
        new("Status", "STATUS", row => row.Status),
        new("Size", "SIZE", row => Size(row)),
        new("Labels", "LABELS", row => string.Join(',', (row.Labels ?? []).Select(label => $"{label.Key}={label.Value}"))),
        new("Mounts", "MOUNTS", row => string.Join(',', (row.Mounts ?? []).Select(mount => MountName(mount, truncate)))),
        new("LocalVolumes", "LOCAL VOLUMES", row => (row.Mounts ?? []).Count(mount => mount.Driver == "local").ToString(CultureInfo.InvariantCulture)),
        new("Networks", "NETWORKS", row => string.Join(',', row.NetworkSettings?.Networks?.Keys ?? Enumerable.Empty<string>())),
    ], row => row.Labels);

    private static string Names(ContainerSummary row, bool truncate)
    {
        var names = (row.Names ?? []).Select(name => name.TrimStart('/'));
        // A link's name holds a slash; without it stands the container's own.
        return string.Join(',', truncate ? names.Where(name => !name.Contains('/')) : names);
    }

    private static string Image(ContainerSummary row, bool truncate)
    {
        if (row.Image.Length == 0)
            return "<no image>";
        if (!truncate)
            return row.Image;
        if (Ellipsis.Id(row.ImageID) == Ellipsis.Id(row.Image))
            return Ellipsis.Id(row.Image);
        var digest = row.Image.IndexOf('@');
        return digest > 0 ? row.Image[..digest] : row.Image;
    }

    private static string Size(ContainerSummary row)
    {
        var own = ByteSize.HumanWithPrecision(row.SizeRw, 3);
        return row.SizeRootFs > 0 ? $"{own} (virtual {ByteSize.HumanWithPrecision(row.SizeRootFs, 3)})" : own;
    }

    private static string MountName(MountPoint mount, bool truncate)
    {
        var name = string.IsNullOrEmpty(mount.Name) ? mount.Source : mount.Name;
        return truncate ? Ellipsis.Cut(name, 15) : name;
    }
}
