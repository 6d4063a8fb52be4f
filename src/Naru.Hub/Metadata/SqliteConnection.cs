using System.Diagnostics;
using Naru.Base;
using Naru.Sqlite;
using SQLitePCL;

namespace Naru.Hub.Metadata;

/// <summary>One connection to the file. Its answers come at once: the tasks it returns are always completed.</summary>
internal sealed class SqliteConnection : ISession, IDisposable
{
    /// <summary>How long a connection waits for another.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly sqlite3 connection;
    private readonly Dictionary<string, string> translated = [];
    private readonly SqliteRow current = new();

    /// <param name="readOnly">A write fails, which beside the one that writes would be in no transaction.</param>
    public SqliteConnection(string path, bool readOnly = false)
    {
        var code = raw.sqlite3_open_v2(path, out connection, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK)
        {
            connection.Dispose();
            throw new NaruException(ErrorKind.Internal, $"open {path}: {raw.sqlite3_errstr(code).utf8_to_string()}");
        }

        Statements = new Session(connection);
        try
        {
            // FULL: an acknowledged push outlives a power cut. Other processes (a command beside a server) wait for each other.
            Statements.Run($"PRAGMA busy_timeout={(int)Patience.TotalMilliseconds}");
            UseWriteAheadLog();
            foreach (var pragma in (string[])["PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "PRAGMA cache_size=-2048"])
                Statements.Run(pragma);
            if (readOnly)
                Statements.Run("PRAGMA query_only=ON");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>For what is SQLite's own: pragmas and transactions.</summary>
    public Session Statements { get; }

    public ValueTask<int> Execute(string sql, params object?[] parameters) => new(Statements.Execute(Translate(sql), parameters));

    public ValueTask<List<T>> Query<T>(string sql, Func<IRow, T> map, params object?[] parameters)
        where T : class => new(Statements.Query(Translate(sql), row => map(current.At(row)), parameters));

    public ValueTask<T?> First<T>(string sql, Func<IRow, T> map, params object?[] parameters)
        where T : class => new(Statements.First(Translate(sql), row => map(current.At(row)), parameters));

    public ValueTask<long?> Number(string sql, params object?[] parameters) =>
        new(Statements.First(Translate(sql), row => new Answer(row.NumberOrNull(0)), parameters)?.Number);

    /// <summary>A write has the file to itself.</summary>
    public ValueTask Lock(string name) => ValueTask.CompletedTask;

    public void Dispose()
    {
        Statements.Dispose();
        connection.Dispose();
    }

    /// <summary>Turns the file to WAL, which stays with it. A new file is turned by a read that becomes a write, for which SQLite never waits: it is asked again while another has the file.</summary>
    private void UseWriteAheadLog()
    {
        for (var waited = Stopwatch.StartNew(); ; Thread.Sleep(10))
        {
            try
            {
                Statements.Run("PRAGMA journal_mode=WAL");
                return;
            }
            catch (NaruException e) when (e.Kind == ErrorKind.Unavailable && waited.Elapsed < Patience)
            {
                // Another is at it.
            }
        }
    }

    /// <summary><c>$1</c> is a name to SQLite, counted in the order of appearance; <c>?1</c> is a place.</summary>
    private string Translate(string sql)
    {
        if (!translated.TryGetValue(sql, out var text))
            translated[sql] = text = sql.Replace('$', '?');
        return text;
    }

    private sealed record Answer(long? Number);
}
