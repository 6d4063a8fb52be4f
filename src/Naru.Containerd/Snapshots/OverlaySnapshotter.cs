using System.Globalization;
using Naru.Base;
using Naru.Linux;
using Naru.Rpc.Events;

namespace Naru.Containerd;

/// <summary>Snapshots as overlay layers: each a folder of its own, stacked when mounted.</summary>
/// <remarks>
/// Lifecycle: <see cref="Prepare"/> makes an active snapshot, <see cref="Commit"/> turns it into a committed one, which others may have as their parent;
/// <see cref="View"/> makes one to look at. A snapshot with children cannot be removed. The mounts are the caller's to mount and unmount.
/// </remarks>
public sealed class OverlaySnapshotter
{
    public const string Name = "overlayfs";

    private readonly Database database;
    private readonly EventExchange events;
    private readonly GarbageSchedule garbage;
    private readonly SnapshotPaths paths;
    private readonly IReadOnlyList<string> baseOptions;
    private readonly FolderRemoval removal;

    /// <param name="content">What may have blobs that are made of snapshots' files.</param>
    public OverlaySnapshotter(Database database, string root, ContentStore content, EventExchange events, GarbageSchedule garbage)
    {
        this.database = database;
        this.events = events;
        this.garbage = garbage;
        paths = new SnapshotPaths(root);
        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        FolderPlacement.Spread(root);

        // As containerd: without index=off a lower layer used by two mounts at once is refused by kernels that index by default.
        // And with redirects or bare metadata copies an upper layer would not be whole by itself: no layer could be made of it.
        baseOptions = [.. File.Exists(Parameters + "index") ? (string[])["index=off"] : [], .. OffWhereOn("redirect_dir"), .. OffWhereOn("metacopy")];
        removal = new FolderRemoval(database, content);
    }

    /// <summary>Makes an active snapshot on <paramref name="parent"/> (empty for none).</summary>
    public IReadOnlyList<SnapshotMount> Prepare(Scope scope, string key, string parent, IReadOnlyDictionary<string, string> labels) =>
        Create(scope, SnapshotKind.Active, key, parent, labels);

    /// <summary>Makes a read-only snapshot of <paramref name="parent"/>.</summary>
    public IReadOnlyList<SnapshotMount> View(Scope scope, string key, string parent, IReadOnlyDictionary<string, string> labels) =>
        Create(scope, SnapshotKind.View, key, parent, labels);

    /// <summary>The mounts of an active snapshot or a view.</summary>
    public IReadOnlyList<SnapshotMount> Mounts(Scope scope, string key) => database.Read(session =>
    {
        var snapshot = Require(session, scope, key);
        if (snapshot.Info.Kind == SnapshotKind.Committed)
            throw NaruException.Precondition($"snapshot {key} is not active: failed precondition");
        return MountsOf(snapshot, Ancestors(session, scope, snapshot.Info.Parent));
    });

    /// <summary>The folder of an active snapshot's own files: where a layer is unpacked without a mount.</summary>
    public string FilesOf(Scope scope, string key) => paths.Files(database.Read(session => Require(session, scope, key)).Folder);

    /// <summary>Makes a committed snapshot of the very files that another has, on a parent of its own: a layer under a second name, or upon other layers.</summary>
    /// <remarks>Nothing is copied: both have one folder, which goes with the last of them. A committed snapshot's files never change.</remarks>
    /// <exception cref="NaruException">AlreadyExists: there is a snapshot <paramref name="name"/>; NotFound, InvalidArgument: the source or the parent is not there, or not committed.</exception>
    public void Share(Scope scope, string name, string parent, string source, IReadOnlyDictionary<string, string> labels)
    {
        Labels.Validate(labels);
        database.Write(session =>
        {
            if (Find(session, scope, name) is not null)
                throw NaruException.Exists($"snapshot \"{name}\": already exists");
            if (parent.Length > 0)
                RequireCommitted(session, scope, parent);
            RequireCommitted(session, scope, source);
            var shared = Require(session, scope, source);
            session.Execute("INSERT INTO snapshot (namespace, key, parent, kind, labels, created, updated, inodes, size, folder) VALUES (?1, ?2, ?3, 3, ?4, ?5, ?5, ?6, ?7, ?8)",
                scope.Namespace, name, parent, Labels.Format(labels), DateTime.UtcNow.Ticks, shared.Inodes, shared.Size, shared.Folder);
            LeaseStore.Hold(session, scope, LeaseType, name);
        });
        events.Publish(scope.Namespace, "/snapshot/commit", new SnapshotCommit { Key = source, Name = name, Snapshotter = Name });
    }

    /// <summary>The folders of a committed snapshot and its parents, nearest first.</summary>
    public IReadOnlyList<string> Layers(Scope scope, string name) =>
        [.. database.Read(session => Ancestors(session, scope, name)).Select(paths.Files)];

    /// <summary>The number of the folder whose files these are, if they will not change: a committed snapshot's.</summary>
    public long? CommittedFolder(string files) =>
        database.Read(session => session.Number("SELECT folder FROM snapshot WHERE folder = ?1 AND kind = 3 LIMIT 1", paths.Number(files)));

    /// <summary>Turns the active snapshot <paramref name="key"/> into the committed snapshot <paramref name="name"/>.</summary>
    /// <param name="rebase">A parent to have from now on, for one prepared without: its files must suit. Null keeps the parent.</param>
    public void Commit(Scope scope, string name, string key, IReadOnlyDictionary<string, string> labels, string? rebase = null)
    {
        Labels.Validate(labels);
        var active = database.Read(session => Require(session, scope, key));
        if (active.Info.Kind != SnapshotKind.Active)
            throw NaruException.Precondition($"snapshot {key} is not active: failed precondition");
        var usage = DiskUsage.Of(paths.Files(active.Folder));
        database.Write(session =>
        {
            if (Find(session, scope, name) is not null)
                throw NaruException.Exists($"snapshot \"{name}\": already exists");
            if (!string.IsNullOrEmpty(rebase) && active.Info.Parent.Length == 0)
                RequireCommitted(session, scope, rebase);
            else if (!string.IsNullOrEmpty(rebase) && rebase != active.Info.Parent)
                throw NaruException.Precondition($"snapshot {key} has the parent {active.Info.Parent}, not {rebase}: failed precondition");
            var parent = string.IsNullOrEmpty(rebase) ? active.Info.Parent : rebase;
            if (session.Execute(
                    "UPDATE snapshot SET key = ?2, kind = 3, parent = ?3, labels = ?4, created = ?5, updated = ?5, inodes = ?6, size = ?7 WHERE id = ?1 AND kind = 2",
                    active.Id, name, parent, Labels.Format(labels), DateTime.UtcNow.Ticks, usage.Inodes, usage.Bytes) == 0)
                throw NaruException.NotFound($"snapshot {key} does not exist: not found");
            LeaseStore.Hold(session, scope, LeaseType, name);
        });
        removal.Add(paths.Work(active.Folder), null);
        events.Publish(scope.Namespace, "/snapshot/commit", new SnapshotCommit { Key = key, Name = name, Snapshotter = Name });
    }

    /// <summary>Removes what was prepared and not committed; the collector, or nobody's having begun with it, may have been faster.</summary>
    public void GiveUp(Scope scope, string key)
    {
        try
        {
            Remove(scope, key);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.NotFound)
        {
        }
    }

    /// <exception cref="NaruException">FailedPrecondition: it has children; NotFound.</exception>
    public void Remove(Scope scope, string key)
    {
        var folder = database.Write(session =>
        {
            var snapshot = Require(session, scope, key);
            if (session.Any("SELECT 1 FROM snapshot WHERE namespace = ?1 AND parent = ?2", scope.Namespace, key))
                throw NaruException.Precondition($"cannot remove snapshot with child: failed precondition");
            session.Execute("DELETE FROM snapshot WHERE id = ?1", snapshot.Id);
            return session.Any("SELECT 1 FROM snapshot WHERE folder = ?1", snapshot.Folder) ? (long?)null : snapshot.Folder;
        });
        if (folder is { } unshared)
            removal.Add(paths.Folder(unshared), unshared);
        events.Publish(scope.Namespace, "/snapshot/remove", new SnapshotRemove { Key = key, Snapshotter = Name });
        garbage.Changed();
    }

    /// <summary>Has the scope's lease, if there is one, hold a snapshot that is there already.</summary>
    /// <exception cref="NaruException">NotFound.</exception>
    public void Hold(Scope scope, string key) => database.Write(session =>
    {
        Require(session, scope, key);
        LeaseStore.Hold(session, scope, LeaseType, key);
    });

    public SnapshotInfo Stat(Scope scope, string key) => database.Read(session => Require(session, scope, key)).Info;

    public bool Exists(Scope scope, string key) => database.Read(session => Find(session, scope, key)) is not null;

    public IReadOnlyList<SnapshotInfo> List(Scope scope, Filter filter) =>
        [.. database.Read(session => session.Query($"SELECT {Columns} FROM snapshot WHERE namespace = ?1 ORDER BY key", Map, scope.Namespace))
            .Select(s => s.Info).Where(info => filter.Matches(info.Field))];

    /// <summary>Changes labels.</summary>
    public SnapshotInfo Update(Scope scope, string key, IReadOnlyDictionary<string, string> labels, IReadOnlyList<string> fields)
    {
        var updated = database.Write(session =>
        {
            var snapshot = Require(session, scope, key);
            var info = snapshot.Info with { Labels = Labels.Update(snapshot.Info.Labels, labels, fields, "snapshot"), Updated = DateTime.UtcNow };
            session.Execute("UPDATE snapshot SET labels = ?2, updated = ?3 WHERE id = ?1", snapshot.Id, Labels.Format(info.Labels), info.Updated.Ticks);
            return info;
        });
        garbage.Changed();
        return updated;
    }

    /// <summary>What the snapshot's own layer takes: measured once at commit, and each time while it is active.</summary>
    public DiskUsage Usage(Scope scope, string key)
    {
        var snapshot = database.Read(session => Require(session, scope, key));
        return snapshot.Info.Kind == SnapshotKind.Committed ? new DiskUsage(snapshot.Size, snapshot.Inodes) : DiskUsage.Of(paths.Files(snapshot.Folder));
    }

    /// <summary>Removes folders that have no row: what a crash between the two left, and what the collector's rows pointed to.</summary>
    public void Cleanup()
    {
        var onDisk = Directory.EnumerateDirectories(paths.Root).Select(Path.GetFileName).ToList();
        var known = database.Read(session => session.Query("SELECT folder FROM snapshot", row => row.Text(0))).ToHashSet();
        foreach (var orphan in onDisk.Where(folder => !known.Contains(folder!)))
            removal.Add(Path.Combine(paths.Root, orphan!), long.TryParse(orphan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null);
        removal.Wait();
    }

    /// <summary>Waits until the folders of removed snapshots are gone.</summary>
    public void WaitForRemovals() => removal.Wait();

    private const string Parameters = "/sys/module/overlay/parameters/";

    private const string LeaseType = "snapshots/" + Name;

    private const string Columns = "id, key, parent, kind, labels, created, updated, inodes, size, folder";

    private List<SnapshotMount> Create(Scope scope, SnapshotKind kind, string key, string parent, IReadOnlyDictionary<string, string> labels)
    {
        if (key.Length == 0)
            throw NaruException.Invalid("snapshot key must not be empty: invalid argument");
        Labels.Validate(labels);
        long? made = null;
        try
        {
            return Publish(database.Write(session => Insert(session, scope, kind, key, parent, labels, out made)));
        }
        catch when (made is { } id)
        {
            // The row was rolled back (a full disk, a lease that is gone): its number will be given out again.
            FolderRemoval.Remove(paths.Folder(id));
            throw;
        }

        List<SnapshotMount> Publish(List<SnapshotMount> mounts)
        {
            if (kind == SnapshotKind.Active)
                events.Publish(scope.Namespace, "/snapshot/prepare", new SnapshotPrepare { Key = key, Parent = parent, Snapshotter = Name });
            return mounts;
        }
    }

    private List<SnapshotMount> Insert(Session session, Scope scope, SnapshotKind kind, string key, string parent, IReadOnlyDictionary<string, string> labels, out long? made)
    {
        made = null;
        if (Find(session, scope, key) is not null)
            throw NaruException.Exists($"snapshot \"{key}\": already exists");
        if (parent.Length > 0)
            RequireCommitted(session, scope, parent);
        var now = DateTime.UtcNow;
        session.Execute("INSERT INTO snapshot (namespace, key, parent, kind, labels, created, updated, inodes, size) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 0, 0)",
            scope.Namespace, key, parent, (long)kind, Labels.Format(labels), now.Ticks);
        made = session.LastId();
        session.Execute("UPDATE snapshot SET folder = id WHERE id = ?1", made.Value);
        LeaseStore.Hold(session, scope, LeaseType, key);
        var snapshot = new Stored(made.Value, new SnapshotInfo(key, parent, kind, labels, now, now), 0, 0, made.Value);
        var ancestors = Ancestors(session, scope, parent);

        // Inside the transaction: a row without its folder must never be seen; a folder without a row is cleaned up.
        MakeFolders(snapshot, ancestors);
        return MountsOf(snapshot, ancestors);
    }

    private static string[] OffWhereOn(string parameter) =>
        File.Exists(Parameters + parameter) && File.ReadAllText(Parameters + parameter).StartsWith('Y') ? [parameter + "=off"] : [];

    private void MakeFolders(Stored snapshot, List<long> ancestors)
    {
        const UnixFileMode traversable = (UnixFileMode)0b111_101_101;
        Directory.CreateDirectory(paths.Folder(snapshot.Folder), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var files = paths.Files(snapshot.Folder);
        Directory.CreateDirectory(files, traversable);

        // The root folder of the merged view is the upper layer's: it must look like the one below it.
        if (ancestors.Count > 0)
            FolderLook.Copy(paths.Files(ancestors[0]), files);
        if (snapshot.Info.Kind == SnapshotKind.Active)
            Directory.CreateDirectory(paths.Work(snapshot.Folder), traversable);
    }

    private List<SnapshotMount> MountsOf(Stored snapshot, List<long> ancestors)
    {
        var active = snapshot.Info.Kind == SnapshotKind.Active;
        if (ancestors.Count == 0)
            return [new SnapshotMount("bind", paths.Files(snapshot.Folder), [active ? "rw" : "ro", "rbind"])];
        if (!active && ancestors.Count == 1)
            return [new SnapshotMount("bind", paths.Files(ancestors[0]), ["ro", "rbind"])];
        var options = new List<string>(baseOptions);
        if (active)
        {
            options.Add("workdir=" + paths.Work(snapshot.Folder));
            options.Add("upperdir=" + paths.Files(snapshot.Folder));
        }

        options.Add("lowerdir=" + string.Join(':', ancestors.Select(paths.Files)));
        return [new SnapshotMount("overlay", "overlay", options)];
    }

    /// <summary>The folders of a committed snapshot and its parents, nearest first: overlay's order of lower directories.</summary>
    private static List<long> Ancestors(Session session, Scope scope, string name)
    {
        var ids = new List<long>();
        for (var key = name; key.Length > 0;)
        {
            var snapshot = Require(session, scope, key);
            ids.Add(snapshot.Folder);
            key = snapshot.Info.Parent;
        }

        return ids;
    }

    private static void RequireCommitted(Session session, Scope scope, string parent)
    {
        var found = Find(session, scope, parent) ?? throw NaruException.NotFound($"parent snapshot {parent} does not exist: not found");
        if (found.Info.Kind != SnapshotKind.Committed)
            throw NaruException.Invalid($"parent \"{parent}\" is not committed snapshot: invalid argument");
    }

    private static Stored Require(Session session, Scope scope, string key) =>
        Find(session, scope, key) ?? throw NaruException.NotFound($"snapshot {key} does not exist: not found");

    private static Stored? Find(Session session, Scope scope, string key) =>
        session.First($"SELECT {Columns} FROM snapshot WHERE namespace = ?1 AND key = ?2", Map, scope.Namespace, key);

    private static Stored Map(Row row) => new(row.Number(0),
        new SnapshotInfo(row.Text(1), row.Text(2), (SnapshotKind)row.Number(3), row.Labels(4), row.Time(5), row.Time(6)), row.Number(7), row.Number(8), row.Number(9));

    /// <param name="Folder">The number of the folder with its files: its own, or that of the snapshot it was shared from.</param>
    private sealed record Stored(long Id, SnapshotInfo Info, long Inodes, long Size, long Folder);
}
