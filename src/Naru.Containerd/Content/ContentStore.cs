using System.Globalization;
using System.Text;
using Naru.Base;

namespace Naru.Containerd;

/// <summary>Blobs by their digest: written once, verified, then never changed.</summary>
/// <remarks>
/// Lifecycle: <see cref="OpenWriter"/> begins or resumes an ingest under a reference, <see cref="IngestWriter.Commit"/> turns it into a blob.
/// The bytes are shared by all namespaces; a namespace sees those it has a row for. The last row's removal removes the file.
/// <see cref="Derive"/> adds a blob that is made when it is first read (<see cref="DerivedBlobs"/>).
/// </remarks>
public sealed class ContentStore
{
    private readonly Database database;
    private readonly ContentPaths paths;
    private readonly GarbageSchedule garbage;
    private readonly DerivedBlobs derived;
    private readonly Lock gate = new();
    private readonly Lock making = new();
    private readonly HashSet<string> writing = [];

    /// <param name="snapshots">The snapshotter's folder.</param>
    public ContentStore(Database database, string root, string snapshots, GarbageSchedule garbage)
    {
        this.database = database;
        this.garbage = garbage;
        paths = new ContentPaths(root);
        derived = new DerivedBlobs(snapshots);
        Directory.CreateDirectory(paths.Blobs);
        Directory.CreateDirectory(paths.Ingests);
    }

    /// <exception cref="NaruException">NotFound.</exception>
    public ContentInfo Info(Scope scope, string digest) =>
        database.Read(session => Find(session, scope.Namespace, Digests.Check(digest))) ?? throw Missing(digest);

    public bool Has(Scope scope, string digest) => database.Read(session => Find(session, scope.Namespace, digest)) is not null;

    public IReadOnlyList<ContentInfo> List(Scope scope, Filter filter) =>
        [.. database.Read(session => session.Query("SELECT digest, size, labels, created, updated FROM content WHERE namespace = ?1 ORDER BY digest", Map, scope.Namespace))
            .Where(info => filter.Matches(info.Field))];

    /// <summary>Changes a blob's labels.</summary>
    public ContentInfo Update(Scope scope, string digest, IReadOnlyDictionary<string, string> labels, IReadOnlyList<string> paths)
    {
        var updated = database.Write(session =>
        {
            var info = Find(session, scope.Namespace, Digests.Check(digest)) ?? throw Missing(digest);
            var result = info with { Labels = Labels.Update(info.Labels, labels, paths, "content info"), Updated = DateTime.UtcNow };
            session.Execute("UPDATE content SET labels = ?3, updated = ?4 WHERE namespace = ?1 AND digest = ?2", scope.Namespace, digest, Labels.Format(result.Labels), result.Updated.Ticks);
            return result;
        });
        garbage.Changed();
        return updated;
    }

    /// <summary>Removes the blob from the namespace, and from the disk when no other namespace has it.</summary>
    public void Delete(Scope scope, string digest)
    {
        Digests.Check(digest);
        if (database.Write(session => session.Execute("DELETE FROM content WHERE namespace = ?1 AND digest = ?2", scope.Namespace, digest)) == 0)
            throw Missing(digest);
        database.Flush();
        DropUnowned([digest]);
        garbage.Changed();
    }

    /// <summary>The path of the blob's file, for those who read it whole.</summary>
    /// <exception cref="NaruException">NotFound.</exception>
    public string BlobPath(Scope scope, string digest)
    {
        Info(scope, digest);
        var path = paths.Blob(digest);
        if (!File.Exists(path))
            Make(digest);
        return path;
    }

    /// <summary>Opens the blob for reading.</summary>
    public FileStream Open(Scope scope, string digest) =>
        new(BlobPath(scope, digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);

    /// <summary>Reads a small blob (a manifest, a config) whole.</summary>
    /// <exception cref="NaruException">InvalidArgument: it has more than <paramref name="limit"/> bytes.</exception>
    public byte[] ReadAll(Scope scope, string digest, int limit = 8 << 20)
    {
        var info = Info(scope, digest);
        if (info.Size > limit)
            throw NaruException.Invalid($"content {digest} has {info.Size} bytes, more than the {limit} that metadata may have: invalid argument");
        return File.ReadAllBytes(BlobPath(scope, digest));
    }

    /// <summary>Adds the layer that a committed snapshot's files make, without writing it. One that is here already takes the labels.</summary>
    /// <exception cref="NaruException">NotFound: no committed snapshot has the folder.</exception>
    public (string Digest, long Size) Derive(Scope scope, LayerSource source, IReadOnlyDictionary<string, string> labels, CancellationToken cancel)
    {
        var (digest, size) = derived.Measure(source, cancel);
        var all = new Dictionary<string, string>(labels) { [ContentLabels.Uncompressed] = digest };
        Labels.Validate(all);
        lock (gate)
        {
            if (!Has(scope, digest))
            {
                database.Write(session =>
                {
                    if (!File.Exists(paths.Blob(digest)))
                        DerivedBlobs.Add(session, digest, source);
                    Insert(session, scope, digest, size, all);
                });
                return (digest, size);
            }
        }

        UpdateLabels(scope, digest, all);
        return (digest, size);
    }

    /// <summary>Makes the blobs that need a snapshots' folder, which is about to go.</summary>
    internal void MakeOf(long folder)
    {
        foreach (var digest in database.Read(session => DerivedBlobs.Of(session, folder)))
            Make(digest);
    }

    /// <summary>Begins or resumes a write under <paramref name="reference"/>.</summary>
    /// <param name="total">Announced size, 0 when unknown.</param>
    /// <param name="expected">Announced digest, or empty.</param>
    /// <param name="passesThrough">See <see cref="IngestWriter.PassesThrough"/>.</param>
    /// <exception cref="NaruException">AlreadyExists: the digest is here; Unavailable: another writer has the reference.</exception>
    public IngestWriter OpenWriter(Scope scope, string reference, long total, string expected, bool passesThrough = false)
    {
        if (reference.Length == 0)
            throw NaruException.Invalid("ref must not be empty: invalid argument");
        if (expected.Length > 0 && Adopt(scope, Digests.Check(expected)))
            throw NaruException.Exists($"content {expected}: already exists");
        var folder = paths.Ingest(scope.Namespace, reference);
        lock (gate)
        {
            if (!writing.Add(folder))
                throw new NaruException(ErrorKind.Unavailable, $"ref {reference} locked: unavailable");
        }

        try
        {
            Directory.CreateDirectory(folder);
            if (!File.Exists(ContentPaths.Reference(folder)))
                AtomicFile.Write(ContentPaths.Reference(folder), Encoding.UTF8.GetBytes($"{scope.Namespace}/{reference}"), durable: false);
            if (total > 0)
                AtomicFile.Write(ContentPaths.Total(folder), Encoding.ASCII.GetBytes(total.ToString(CultureInfo.InvariantCulture)), durable: false);
            return new IngestWriter(this, scope, reference, folder, total > 0 ? total : ReadTotal(folder), expected) { PassesThrough = passesThrough };
        }
        catch
        {
            Release(folder);
            throw;
        }
    }

    /// <summary>Writes a small blob whole; one that is here already is fine.</summary>
    public string Put(Scope scope, byte[] bytes, IReadOnlyDictionary<string, string> labels)
    {
        var digest = Digests.Of(bytes);
        if (Adopt(scope, digest))
        {
            if (labels.Count > 0)
                UpdateLabels(scope, digest, labels);
            return digest;
        }

        using var writer = OpenWriter(scope, $"put-{digest}-{Guid.NewGuid():N}", bytes.Length, string.Empty);
        writer.Write(bytes);
        writer.Commit(bytes.Length, digest, labels);
        return digest;
    }

    /// <exception cref="NaruException">NotFound.</exception>
    public IngestStatus Status(Scope scope, string reference) =>
        ReadStatus(paths.Ingest(scope.Namespace, reference)) ?? throw NaruException.NotFound($"ref {reference}: not found");

    public IReadOnlyList<IngestStatus> Statuses(Scope scope, Filter filter) =>
        [.. Directory.EnumerateDirectories(paths.Ingests).Select(ReadStatus).OfType<IngestStatus>()
            .Where(status => status.Namespace == scope.Namespace && filter.Matches(status.Field)).OrderBy(status => status.Reference, StringComparer.Ordinal)];

    /// <summary>Throws away a write under way.</summary>
    public void Abort(Scope scope, string reference)
    {
        var folder = paths.Ingest(scope.Namespace, reference);
        if (!Directory.Exists(folder))
            throw NaruException.NotFound($"ref {reference}: not found");
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Removes writes that nobody has continued for <paramref name="age"/>: until then a failed pull can be taken up where it ended.</summary>
    internal void DropStaleIngests(TimeSpan age)
    {
        foreach (var folder in Directory.EnumerateDirectories(paths.Ingests))
        {
            lock (gate)
            {
                if (!writing.Contains(folder) && LastWrite(folder) < DateTime.UtcNow - age)
                    Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>Removes blobs' files that no namespace has a row for: after rows went, and at start for what a crash left.</summary>
    internal void DropUnowned(IEnumerable<string> digests)
    {
        foreach (var digest in digests)
        {
            lock (gate)
            {
                if (Size(digest) is null)
                    Drop(digest);
            }
        }
    }

    internal IEnumerable<string> FilesOnDisk() => Directory.EnumerateFiles(paths.Blobs).Select(file => Digests.Prefix + Path.GetFileName(file));

    /// <summary>The last step of a write: the file takes its name and the namespace its row, in one go against deletes.</summary>
    internal void Commit(Scope scope, string ingest, string digest, long size, IReadOnlyDictionary<string, string> labels)
    {
        Labels.Validate(labels);
        lock (gate)
        {
            if (database.Read(session => Find(session, scope.Namespace, digest)) is not null)
                throw NaruException.Exists($"content {digest}: already exists");
            Place(ContentPaths.Data(ingest), digest);
            database.Write(session =>
            {
                DerivedBlobs.Remove(session, digest);
                Insert(session, scope, digest, size, labels);
            });
        }
    }

    /// <summary>Sets these labels and leaves others.</summary>
    internal void UpdateLabels(Scope scope, string digest, IReadOnlyDictionary<string, string> labels) =>
        Update(scope, digest, labels, [.. labels.Keys.Select(key => "labels." + key)]);

    internal void Release(string ingest)
    {
        lock (gate)
            writing.Remove(ingest);
    }

    /// <summary>True when the namespace has the digest, or takes it over because another one has it.</summary>
    private bool Adopt(Scope scope, string digest)
    {
        if (Has(scope, digest))
        {
            if (scope.Lease is not null)
                database.Write(session => LeaseStore.Hold(session, scope, "content", digest));
            return true;
        }

        lock (gate)
        {
            if (Size(digest) is not { } size || (!File.Exists(paths.Blob(digest)) && database.Read(session => DerivedBlobs.Find(session, digest)) is null))
                return false;
            database.Write(session => Insert(session, scope, digest, size, new Dictionary<string, string>()));
            return true;
        }
    }

    private static void Insert(Session session, Scope scope, string digest, long size, IReadOnlyDictionary<string, string> labels)
    {
        session.Execute("INSERT INTO content VALUES (?1, ?2, ?3, ?4, ?5, ?5)", scope.Namespace, digest, size, Labels.Format(labels), DateTime.UtcNow.Ticks);
        LeaseStore.Hold(session, scope, "content", digest);
    }

    /// <summary>The size of a blob that some namespace has.</summary>
    private long? Size(string digest) => database.Read(session => session.Number("SELECT size FROM content WHERE digest = ?1 LIMIT 1", digest));

    /// <summary>Makes the file of a blob that so far is a snapshot's files.</summary>
    private void Make(string digest)
    {
        lock (making)
        {
            if (database.Read(session => DerivedBlobs.Find(session, digest)) is not { } source)
                return;
            if (Size(digest) is not null && !File.Exists(paths.Blob(digest)))
                derived.Write(digest, source, paths.Made(digest));
            lock (gate)
            {
                if (Size(digest) is null)
                {
                    Drop(digest);
                    File.Delete(paths.Made(digest));
                    return;
                }

                if (File.Exists(paths.Made(digest)))
                    Place(paths.Made(digest), digest);
                database.Write(session => DerivedBlobs.Remove(session, digest));
            }
        }
    }

    /// <summary>Gives a file that is whole its name.</summary>
    private void Place(string file, string digest)
    {
        File.Move(file, paths.Blob(digest), overwrite: true);
        AtomicFile.SyncFolder(paths.Blobs);
    }

    private void Drop(string digest)
    {
        database.Write(session => DerivedBlobs.Remove(session, digest));
        File.Delete(paths.Blob(digest));
    }

    private static IngestStatus? ReadStatus(string ingest)
    {
        try
        {
            var parts = File.ReadAllText(ContentPaths.Reference(ingest)).Split('/', 2);
            var data = new FileInfo(ContentPaths.Data(ingest));
            var started = Directory.GetCreationTimeUtc(ingest);
            return new IngestStatus(parts[0], parts[1], data.Exists ? data.Length : 0, ReadTotal(ingest), string.Empty, started, data.Exists ? data.LastWriteTimeUtc : started);
        }
        catch (IOException)
        {
            // Committed or aborted while we looked.
            return null;
        }
    }

    private static DateTime LastWrite(string ingest)
    {
        var data = new FileInfo(ContentPaths.Data(ingest));
        return data.Exists ? data.LastWriteTimeUtc : Directory.GetLastWriteTimeUtc(ingest);
    }

    private static long ReadTotal(string ingest) =>
        File.Exists(ContentPaths.Total(ingest)) && long.TryParse(File.ReadAllText(ContentPaths.Total(ingest)), CultureInfo.InvariantCulture, out var total) ? total : 0;

    private static ContentInfo? Find(Session session, string @namespace, string digest) =>
        session.First("SELECT digest, size, labels, created, updated FROM content WHERE namespace = ?1 AND digest = ?2", Map, @namespace, digest);

    private static ContentInfo Map(Row row) => new(row.Text(0), row.Number(1), row.Labels(2), row.Time(3), row.Time(4));

    private static NaruException Missing(string digest) => NaruException.NotFound($"content digest {digest}: not found");
}
