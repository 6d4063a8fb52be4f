using Naru.Base.Units;
using Naru.Cli.Terminal;
using Naru.Rpc.BuildKit;

namespace Naru.Cli.Commands.Builds;

/// <summary>`builder du`: the build cache, record by record.</summary>
internal static class DiskUsageBuilderCommand
{
    private const string Table = "{{.ID}}\t{{.Reclaimable}}\t{{.Size}}\t{{.LastUsedAt}}";

    private static readonly Columns<UsageRecord> Columns = new("*commands.diskusageContext",
    [
        new("CreatedAt", "CREATED AT", record => CacheRecords.Created(record)),
        new("Description", "DESCRIPTION", record => record.Description),
        new("ID", "ID", record => record.ID),
        new("LastUsedAt", "LAST ACCESSED", record => CacheRecords.Used(record)),
        new("Mutable", "MUTABLE", record => record.Mutable),
        new("Parents", "PARENTS", record => record.Parents.Count == 0 ? null : record.Parents.ToList<object?>()),
        new("Reclaimable", "RECLAIMABLE", record => !record.InUse),
        new("Shared", "SHARED", record => record.Shared),
        new("Size", "SIZE", record => ByteSize.Human(record.Size)),
        new("Type", "TYPE", record => record.RecordType),
        new("UsageCount", "USAGE COUNT", record => (long)record.UsageCount),
    ]);

    public static Command Create()
    {
        var command = new Command("du", "Disk usage") { Aliases = ["builder du", "buildx du"], Arguments = ArgumentCount.None };
        var builder = command.Flags.String("builder", null, "Override the configured builder instance");
        command.Flags.Bool("debug", 'D', "Enable debug logging");
        var filters = command.Flags.List("filter", null, "Provide filter values", Filters.Validate, "filter");
        var format = command.Flags.String("format", null, "Format the output");
        var verbose = command.Flags.Bool("verbose", null, "Shorthand for \"--format=pretty\"");
        command.Run = (context, _) =>
        {
            BuilderName.Check(builder);
            if (verbose && format.Value.Length > 0)
                throw new ExitException(1, "ERROR: --format and --verbose cannot be used together");
            var records = CacheRecords.Read(context, filters.Values);
            if (verbose || format.Value == "pretty")
                Pretty(records);
            else if (format.Value.Length > 0 && format.Value != "table")
                Listing.Print(format, Table, Columns, records);
            else
                PrintTable(records);
            return 0;
        };
        return command;
    }

    /// <summary>A star after the id: it changes still; after the size: it is shared.</summary>
    private static void PrintTable(List<UsageRecord> records)
    {
        var text = "ID\tRECLAIMABLE\tSIZE\tLAST ACCESSED\n";
        foreach (var record in records)
            text += $"{record.ID}{(record.Mutable ? "*" : "")}\t{(record.InUse ? "false" : "true")}\t{ByteSize.Human(record.Size)}{(record.Shared ? "*" : "")}\t{CacheRecords.Used(record)}\n";
        Streams.OutText(TabWriter.Align(text));
        Totals(records);
    }

    private static void Pretty(List<UsageRecord> records)
    {
        foreach (var record in records)
            CacheRecords.Show(record);
        Totals(records);
    }

    private static void Totals(List<UsageRecord> records)
    {
        long total = 0, shared = 0, reclaimable = 0;
        foreach (var record in records)
        {
            if (record.Size <= 0)
                continue;
            total += record.Size;
            shared += record.Shared ? record.Size : 0;
            reclaimable += record.InUse ? 0 : record.Size;
        }

        if (shared > 0)
            Streams.OutText($"Shared:\t\t{ByteSize.Human(shared)}\nPrivate:\t{ByteSize.Human(total - shared)}\n");
        Streams.OutText($"Reclaimable:\t{ByteSize.Human(reclaimable)}\nTotal:\t\t{ByteSize.Human(total)}\n");
    }
}
