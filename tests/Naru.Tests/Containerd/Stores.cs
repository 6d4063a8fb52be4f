using Naru.Containerd;

namespace Naru.Tests.Containerd;

/// <summary>The stores of a naru-containerd on a folder of their own, as the daemon opens them.</summary>
internal sealed class Stores : IDisposable
{
    public static readonly Scope Space = new("tests");

    public static readonly IReadOnlyDictionary<string, string> NoLabels = new Dictionary<string, string>();

    private readonly GarbageSchedule _garbage = new();
    private readonly bool _keep;

    public Stores(string? folder = null)
    {
        _keep = folder is not null;
        Folder = folder ?? Directory.CreateTempSubdirectory("naru-stores-").FullName;
        Database = new Database(Path.Combine(Folder, "metadata.db"));
        Content = new ContentStore(Database, Path.Combine(Folder, "content"), Path.Combine(Folder, "snapshots"), _garbage);
        Snapshots = new OverlaySnapshotter(Database, Path.Combine(Folder, "snapshots"), Content, Events, _garbage);
        Images = new ImageStore(Database, Events, _garbage);
        Leases = new LeaseStore(Database, _garbage);
        Collector = new GarbageCollector(Database, Content, Snapshots);
    }

    public string Folder { get; }

    public EventExchange Events { get; } = new();

    public Database Database { get; }

    public ContentStore Content { get; }

    public OverlaySnapshotter Snapshots { get; }

    public ImageStore Images { get; }

    public LeaseStore Leases { get; }

    public GarbageCollector Collector { get; }

    /// <summary>A blob of these bytes; its digest.</summary>
    public string Put(string text, Scope? scope = null, params (string Key, string Value)[] labels) =>
        Content.Put(scope ?? Space, System.Text.Encoding.UTF8.GetBytes(text), labels.ToDictionary(l => l.Key, l => l.Value));

    /// <summary>A committed snapshot on a parent.</summary>
    public void Layer(string name, string parent = "", Scope? scope = null)
    {
        Snapshots.Prepare(scope ?? Space, name + "-key", parent, NoLabels);
        Snapshots.Commit(scope ?? Space, name, name + "-key", NoLabels);
    }

    public bool Has(string digest) => Content.Has(Space, digest);

    /// <summary>Ends without closing anything down in order, as far as one process can: the folder is left as it is.</summary>
    public Stores Reopen()
    {
        Database.Dispose();
        return new Stores(Folder);
    }

    public void Dispose()
    {
        Snapshots.WaitForRemovals();
        Database.Dispose();
        _garbage.Dispose();
        if (!_keep)
            Directory.Delete(Folder, recursive: true);
    }
}
