using Naru.Base.Flags;
using Naru.Base.Units;
using Naru.Hub.Gc;
using Naru.HubServer.Configuration;

namespace Naru.HubServer.Commands.Upkeep;

/// <summary>naru-hub gc: collects garbage now, beside the hubs that serve.</summary>
internal sealed class GarbageCommand : HubCommand
{
    private readonly GarbageFlags garbage;
    private readonly ValueFlag<bool> dryRun;
    private readonly ValueFlag<bool> untagged;

    public GarbageCommand()
    {
        garbage = new GarbageFlags(Flags.All);
        dryRun = Flags.All.Bool("dry-run", null, "Only say what would be taken");
        untagged = Flags.All.Bool("untagged", null, "As --gc-untagged");
    }

    public override string Name => "gc";

    public override string Summary => "Delete what nothing needs any more";

    public override HubFlags Flags { get; } = new();

    protected override async Task<int> Run(IReadOnlyList<string> arguments)
    {
        var options = garbage.Options();
        options = options with { Untagged = options.Untagged || untagged };
        await using var services = await HubServices.Open(Flags);
        var report = dryRun ? await services.Garbage.Preview(options, CancellationToken.None) : await services.Garbage.Collect(options, CancellationToken.None);
        var table = new TextTable(dryRun ? "WOULD BE DELETED" : "DELETED", "COUNT", "SIZE");
        table.Add("blobs", Text(report.Blobs), ByteSize.Human(report.BlobBytes));
        table.Add("objects that nothing names", Text(report.Objects), ByteSize.Human(report.ObjectBytes));
        table.Add("unfinished uploads", Text(report.Uploads), "");
        table.Add("untagged manifests", Text(report.Images), "");
        table.Add("manifests of no repository", Text(report.Manifests), "");
        table.Add("blobs of a repository", Text(report.Links), "");
        await Console.Out.WriteAsync(table.ToString());
        return 0;
    }

    private static string Text(long count) => count.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
