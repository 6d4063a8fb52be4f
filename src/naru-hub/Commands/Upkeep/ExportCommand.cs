using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Registry;
using Naru.Hub.Transfer;
using Naru.HubServer.Configuration;

namespace Naru.HubServer.Commands.Upkeep;

/// <summary>naru-hub export: a repository, or one image of it, as an OCI image layout.</summary>
internal sealed class ExportCommand : HubCommand
{
    public override string Name => "export";

    public override string Arguments => "REPOSITORY[:TAG|@DIGEST] FOLDER|FILE.tar|-";

    public override string Summary => "Write a repository as an OCI image layout";

    public override HubFlags Flags { get; } = new();

    protected override (int Least, int Most) Count => (2, 2);

    protected override async Task<int> Run(IReadOnlyList<string> arguments)
    {
        var (name, reference) = Split(arguments[0]);
        await using var services = await HubServices.Open(Flags);
        var repository = await services.Access.Require(Caller.Operator, name, RepositoryAction.Pull, CancellationToken.None);
        if (reference is not null)
            await services.Manifests.Require(repository, reference, CancellationToken.None);
        int count;
        await using (var target = Target(arguments[1]))
            count = await new LayoutExporter(services.Database, services.Blobs, services.Manifests).Export(repository, reference, target, CancellationToken.None);
        Log.Info($"exported {count} manifests of {name}");
        return 0;
    }

    /// <summary>The repository's name, and the tag or digest behind it.</summary>
    private static (string Name, string? Reference) Split(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var end = at >= 0 ? at : text.IndexOf(':', StringComparison.Ordinal);
        return end < 0 ? (text, null) : (text[..end], text[(end + 1)..]);
    }

    private static ILayoutTarget Target(string path) =>
        path == "-" ? new TarTarget(Console.OpenStandardOutput())
        : path.EndsWith(".tar", StringComparison.Ordinal) ? new TarTarget(NewFile(path))
        : new FolderTarget(path);

    private static FileStream NewFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"create {path}: {e.Message}", e);
        }
    }
}
