using Naru.Base;
using Naru.Base.Flags;
using Naru.Hub.Accounts;
using Naru.Hub.Transfer;
using Naru.HubServer.Configuration;

namespace Naru.HubServer.Commands.Upkeep;

/// <summary>naru-hub import: an OCI image layout into a repository, beside the hubs that serve.</summary>
internal sealed class ImportCommand : HubCommand
{
    private readonly ValueFlag<bool> open;

    public ImportCommand() => open = Flags.All.Bool("open", null, "The hub has no accounts, as serve --open");

    public override string Name => "import";

    public override string Arguments => "REPOSITORY FOLDER|FILE|-";

    public override string Summary => "Read an OCI image layout, a folder or a tar, into a repository";

    public override HubFlags Flags { get; } = new();

    protected override (int Least, int Most) Count => (2, 2);

    protected override async Task<int> Run(IReadOnlyList<string> arguments)
    {
        await using var services = await HubServices.Open(Flags, open);
        var repository = await services.Access.Require(Caller.Operator, arguments[0], RepositoryAction.Push, CancellationToken.None);
        var importer = new LayoutImporter(repository, Caller.Operator, services.Blobs, services.Uploads, services.Manifests);
        int count;
        try
        {
            if (Directory.Exists(arguments[1]))
            {
                count = await importer.ImportFolder(arguments[1], CancellationToken.None);
            }
            else
            {
                await using var archive = arguments[1] == "-" ? Console.OpenStandardInput() : File.OpenRead(arguments[1]);
                count = await importer.ImportTar(archive, CancellationToken.None);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"read {arguments[1]}: {e.Message}", e);
        }

        Log.Info($"imported {count} manifests into {arguments[0]}");
        return 0;
    }
}
