using Naru.Hub.Accounts;
using Naru.Hub.Gc;
using Naru.Hub.Layers;
using Naru.Hub.Metadata;
using Naru.Hub.Mirrors;
using Naru.Hub.Registry;
using Naru.Hub.Storage;
using Naru.Hub.Webhooks;
using Naru.HubServer.Configuration;

namespace Naru.HubServer;

/// <summary>The hub's rooms, joined: the one place that says who is made of whom.</summary>
internal sealed class HubServices : IAsyncDisposable
{
    private HubServices(IDatabase database, IBlobStorage storage, string folder, ServeFlags? serve, bool open)
    {
        var mirrors = serve?.Mirrors.Read(open);
        Database = database;
        Storage = storage;
        Accounts = new AccountRooms(database, serve?.Accounts.Options(open) ?? new AccountOptions { Open = open }, mirrors);
        Blobs = new Blobs(database, storage, Accounts.Quotas);
        Uploads = new Uploads(database, storage, Accounts.Quotas);
        Manifests = new Manifests(database, Events);
        Catalog = new RepositoryList(database);
        Pulls = new PullCounter(database);
        Garbage = new GarbageCollector(database, storage);
        GarbageOptions = serve?.Garbage.Options() ?? new GarbageOptions();
        Verifier = new Verifier(database, storage);
        LayerIndexes = new LayerIndexes(database, storage);
        LayerFiles = new LayerFiles(LayerIndexes, database, storage);
        ImageTree = new ImageTree(LayerIndexes);
        Images = new StoredImages(Manifests, Blobs);
        LayerQueue = new LayerIndexQueue(LayerIndexes, storage, LayerIndexLimits.Default);
        Events.Record(AuditTrail.Add);
        Events.Listen(LayerQueue.Enqueue);
        if (mirrors is not null)
            Mirrors = new MirrorService(mirrors, database, Manifests, Blobs, Uploads, Path.Combine(folder, "spool"), serve!.Mirrors.Limits);
        var privateHooks = serve is not null && serve.WebhookPrivate;
        WebhookWorker = new WebhookWorker(database, privateHooks);
        DatabaseFile = database is SqliteDatabase ? Path.Combine(folder, "hub.db") : null;
        Webhooks = new Webhooks(database, WebhookWorker, Events, privateHooks);
    }

    public IDatabase Database { get; }

    public IBlobStorage Storage { get; }

    public RepositoryEvents Events { get; } = new();

    public AccountRooms Accounts { get; }

    public Access Access => Accounts.Access;

    public Blobs Blobs { get; }

    public Uploads Uploads { get; }

    public Manifests Manifests { get; }

    public RepositoryList Catalog { get; }

    public PullCounter Pulls { get; }

    public GarbageCollector Garbage { get; }

    /// <summary>What a collection may take that somebody asks for while the server runs.</summary>
    public GarbageOptions GarbageOptions { get; }

    public Verifier Verifier { get; }

    public LayerIndexes LayerIndexes { get; }

    public LayerFiles LayerFiles { get; }

    public ImageTree ImageTree { get; }

    public StoredImages Images { get; }

    /// <summary>Indexes what is pushed, once it is started.</summary>
    public LayerIndexQueue LayerQueue { get; }

    public Webhooks Webhooks { get; }

    public WebhookWorker WebhookWorker { get; }

    /// <summary>The database's file; null where it is a server.</summary>
    public string? DatabaseFile { get; }

    /// <summary>Null where no other registry is pulled through.</summary>
    public MirrorService? Mirrors { get; }

    /// <summary>Opens what <paramref name="flags"/> name.</summary>
    /// <param name="open">Whether there are no accounts; a server's flags say so themselves.</param>
    /// <exception cref="Naru.Base.NaruException">The database or the storage cannot be opened.</exception>
    public static async ValueTask<HubServices> Open(HubFlags flags, bool open = false)
    {
        var folder = Path.GetFullPath(flags.Data);
        var storage = flags.Storage.OpenStorage(folder);
        var database = await flags.Storage.OpenDatabase(folder, CancellationToken.None);
        try
        {
            var serve = flags as ServeFlags;
            return new HubServices(database, storage, folder, serve, open || (serve is not null && serve.Open));
        }
        catch
        {
            await database.DisposeAsync();
            await storage.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Mirrors is not null)
            await Mirrors.DisposeAsync();
        await LayerQueue.DisposeAsync();
        await WebhookWorker.DisposeAsync();
        await Pulls.DisposeAsync();
        await Accounts.Pulls.DisposeAsync();
        await Uploads.DisposeAsync();
        await Storage.DisposeAsync();
        await Database.DisposeAsync();
    }
}
