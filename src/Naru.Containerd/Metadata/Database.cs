using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using SQLitePCL;

namespace Naru.Containerd;

/// <summary>The metadata of everything, in one SQLite file (WAL): one connection, one writer, whole transactions.</summary>
/// <remarks>
/// <code>
/// namespace(name)                         labels
/// ├── image(name)                         target descriptor, labels, created, updated
/// ├── container(id)                       image, runtime, spec, snapshot, sandbox, labels, extensions, created, updated
/// ├── content(digest)                     size, labels, created, updated      the bytes are shared: content/blobs/sha256/HEX
/// │   └── derived(digest)                 folder, latest                      no such file yet: it can be made of a snapshot's folder
/// ├── snapshot(key) ── parent(key)        id, kind, labels, usage, folder     the files: snapshots/FOLDER/{fs,work}
/// └── lease(id)                           labels, created
///     └── lease_resource(type, resource)
/// </code>
/// Labels, extensions and annotations are JSON objects in a text column. Times are UTC ticks (100 ns).
/// </remarks>
public sealed class Database : IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS namespace (name TEXT PRIMARY KEY, labels TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS image (namespace TEXT NOT NULL, name TEXT NOT NULL, media_type TEXT NOT NULL, digest TEXT NOT NULL,
            size INTEGER NOT NULL, annotations TEXT NOT NULL, labels TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
            PRIMARY KEY (namespace, name)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS container (namespace TEXT NOT NULL, id TEXT NOT NULL, image TEXT NOT NULL, runtime TEXT NOT NULL,
            runtime_options_type TEXT, runtime_options BLOB, spec_type TEXT, spec BLOB, snapshotter TEXT NOT NULL, snapshot_key TEXT NOT NULL,
            sandbox TEXT NOT NULL, labels TEXT NOT NULL, extensions TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
            PRIMARY KEY (namespace, id)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS content (namespace TEXT NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL, labels TEXT NOT NULL,
            created INTEGER NOT NULL, updated INTEGER NOT NULL, PRIMARY KEY (namespace, digest)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS content_digest ON content (digest);
        CREATE TABLE IF NOT EXISTS derived (digest TEXT PRIMARY KEY, folder INTEGER NOT NULL, latest INTEGER) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS derived_folder ON derived (folder);
        CREATE TABLE IF NOT EXISTS snapshot (id INTEGER PRIMARY KEY AUTOINCREMENT, namespace TEXT NOT NULL, key TEXT NOT NULL, parent TEXT NOT NULL,
            kind INTEGER NOT NULL, labels TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, inodes INTEGER NOT NULL,
            size INTEGER NOT NULL, folder INTEGER NOT NULL DEFAULT 0, UNIQUE (namespace, key));
        CREATE INDEX IF NOT EXISTS snapshot_parent ON snapshot (namespace, parent);
        CREATE TABLE IF NOT EXISTS lease (namespace TEXT NOT NULL, id TEXT NOT NULL, labels TEXT NOT NULL, created INTEGER NOT NULL,
            PRIMARY KEY (namespace, id)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS lease_resource (namespace TEXT NOT NULL, lease TEXT NOT NULL, type TEXT NOT NULL, resource TEXT NOT NULL,
            PRIMARY KEY (namespace, lease, type, resource)) WITHOUT ROWID;
        """;

    private readonly Lock gate = new();
    private readonly sqlite3 connection;
    private readonly Session session;
    private readonly string walPath;
    private SafeFileHandle? wal;
    private long written;
    private long flushed;

    /// <summary>Opens or creates the file at <paramref name="path"/>.</summary>
    /// <exception cref="NaruException">Internal: it cannot be opened, or is no database.</exception>
    public Database(string path)
    {
        walPath = path + "-wal";
        Batteries_V2.Init();
        var code = raw.sqlite3_open_v2(path, out connection, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK)
            throw new NaruException(ErrorKind.Internal, $"open metadata {path}: {raw.sqlite3_errstr(code).utf8_to_string()}");
        session = new Session(connection);

        // Exclusive: the daemon holds the folder's lock, so that a lock for every statement (a fifth of a run's system calls) is not needed.
        // WAL with NORMAL (docs/decisions/0020): a crash of this program loses nothing; what a power cut must not take is flushed by who depends on it.
        try
        {
            foreach (var statement in (string[])["PRAGMA locking_mode=EXCLUSIVE", "PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL", "PRAGMA cache_size=-512", "PRAGMA temp_store=MEMORY", Schema])
                session.Run(statement);
            Migrate();
        }
        catch (NaruException e)
        {
            Dispose();
            throw new NaruException(ErrorKind.Internal, $"open {path}: {e.Message}", e);
        }
    }

    /// <summary>A file of the time before snapshots could share a folder.</summary>
    private void Migrate()
    {
        if (!session.Any("SELECT 1 FROM pragma_table_info('snapshot') WHERE name = 'folder'"))
        {
            Write(written =>
            {
                written.Execute("ALTER TABLE snapshot ADD COLUMN folder INTEGER NOT NULL DEFAULT 0");
                written.Execute("UPDATE snapshot SET folder = id");
            });
        }

        session.Run("CREATE INDEX IF NOT EXISTS snapshot_folder ON snapshot (folder)");
    }

    /// <summary>Runs <paramref name="work"/> in a transaction that is committed when it returns and rolled back when it throws.</summary>
    public T Write<T>(Func<Session, T> work)
    {
        lock (gate)
        {
            session.Execute("BEGIN IMMEDIATE");
            try
            {
                var result = work(session);
                session.Execute("COMMIT");
                written++;
                return result;
            }
            catch
            {
                session.RollBack();
                throw;
            }
        }
    }

    /// <inheritdoc cref="Write{T}"/>
    public void Write(Action<Session> work) => Write(session =>
    {
        work(session);
        return 0;
    });

    /// <summary>Runs <paramref name="work"/>, which only reads.</summary>
    public T Read<T>(Func<Session, T> work)
    {
        lock (gate)
            return work(session);
    }

    /// <summary>Makes all that was committed before durable: fsync(2) of the log, if anything was written since the last time.</summary>
    public void Flush()
    {
        long upTo;
        lock (gate)
        {
            upTo = written;
            if (flushed >= upTo)
                return;
            wal ??= Files.Open(walPath, OpenFlags.ReadWrite);
        }

        RandomAccess.FlushToDisk(wal);
        lock (gate)
            flushed = Math.Max(flushed, upTo);
    }

    /// <summary>Gives back the memory of pages and statements that are kept for later.</summary>
    public void Trim()
    {
        lock (gate)
            session.Run("PRAGMA shrink_memory");
    }

    public void Dispose()
    {
        lock (gate)
        {
            wal?.Dispose();
            session.Dispose();
            connection.Dispose();
        }
    }
}
