using Naru.Hub.Metadata;
using Naru.Hub.Registry;

namespace Naru.Hub.Mirrors;

/// <summary>Everything that serves mirrored registries, joined.</summary>
public sealed class MirrorService : IAsyncDisposable
{
    private readonly MirrorRecords records;
    private readonly MirrorKeeper keeper;

    /// <param name="mirrors">Whose it becomes to dispose.</param>
    /// <param name="spoolFolder">Where blobs are on their way; made when it is needed.</param>
    public MirrorService(MirrorList mirrors, IDatabase database, Manifests manifests, Blobs blobs, Uploads uploads, string spoolFolder, MirrorLimits limits, TimeProvider? clock = null)
    {
        Mirrors = mirrors;
        records = new MirrorRecords(database);
        Manifests = new MirrorManifests(records, manifests, limits.Fresh, clock ?? TimeProvider.System);
        Blobs = new MirrorBlobs(records, blobs, uploads, spoolFolder);
        keeper = new MirrorKeeper(database, limits);
    }

    public MirrorList Mirrors { get; }

    public MirrorManifests Manifests { get; }

    public MirrorBlobs Blobs { get; }

    /// <summary>Brings what is here in line with the settings, and begins to let go what is not used.</summary>
    public async ValueTask Start(CancellationToken cancel)
    {
        await records.Adjust(Mirrors, cancel);
        keeper.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await keeper.DisposeAsync();
        await Blobs.DisposeAsync();
        Mirrors.Dispose();
    }
}
