using Naru.Base;
using SQLitePCL;

namespace Naru.Sqlite;

/// <summary>One connection: its statements are prepared once a text and kept.</summary>
/// <remarks>Parameters are written <c>?1</c>, <c>?2</c>… in the order given: string, long, byte[] or null.</remarks>
public sealed class Session : IDisposable
{
    /// <summary>SQLITE_IOERR_SHMSIZE.</summary>
    private const int IndexNotGrown = raw.SQLITE_IOERR | (19 << 8);

    /// <summary>ENOSPC.</summary>
    private const int NoSpace = 28;

    private readonly sqlite3 connection;
    private readonly Dictionary<string, Stack<sqlite3_stmt>> prepared = [];

    public Session(sqlite3 connection) => this.connection = connection;

    /// <summary>Runs a statement; how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> parameters)
    {
        var statement = Bind(sql, parameters);
        try
        {
            Step(statement);
            return raw.sqlite3_changes(connection);
        }
        finally
        {
            Return(sql, statement);
        }
    }

    /// <summary>All rows of a query.</summary>
    public List<T> Query<T>(string sql, Func<Row, T> map, params ReadOnlySpan<object?> parameters)
    {
        var statement = Bind(sql, parameters);
        try
        {
            var rows = new List<T>();
            while (Step(statement))
                rows.Add(map(new Row(statement)));
            return rows;
        }
        finally
        {
            Return(sql, statement);
        }
    }

    /// <summary>The first row of a query, or null.</summary>
    public T? First<T>(string sql, Func<Row, T> map, params ReadOnlySpan<object?> parameters)
        where T : class
    {
        var statement = Bind(sql, parameters);
        try
        {
            return Step(statement) ? map(new Row(statement)) : null;
        }
        finally
        {
            Return(sql, statement);
        }
    }

    /// <summary>The number in the first column of the first row, or null.</summary>
    public long? Number(string sql, params ReadOnlySpan<object?> parameters)
    {
        var rows = Query(sql, row => row.Number(0), parameters);
        return rows.Count > 0 ? rows[0] : null;
    }

    /// <summary>True when the query has a row.</summary>
    public bool Any(string sql, params ReadOnlySpan<object?> parameters) => First(sql, _ => string.Empty, parameters) is not null;

    /// <summary>The rowid of the last insert.</summary>
    public long LastId() => raw.sqlite3_last_insert_rowid(connection);

    public void Dispose()
    {
        foreach (var statement in prepared.Values.SelectMany(s => s))
            statement.Dispose();
        prepared.Clear();
    }

    /// <summary>Ends a transaction that failed; SQLite may have ended it already (a full disk).</summary>
    public void RollBack()
    {
        if (raw.sqlite3_get_autocommit(connection) == 0)
            Execute("ROLLBACK");
    }

    /// <summary>Runs several statements without parameters.</summary>
    public void Run(string sql)
    {
        if (raw.sqlite3_exec(connection, sql) != raw.SQLITE_OK)
            throw Failure();
    }

    private sqlite3_stmt Bind(string sql, ReadOnlySpan<object?> parameters)
    {
        if (!prepared.TryGetValue(sql, out var free))
            prepared[sql] = free = new Stack<sqlite3_stmt>();
        if (!free.TryPop(out var statement) && raw.sqlite3_prepare_v2(connection, sql, out statement) != raw.SQLITE_OK)
            throw Failure();
        for (var i = 0; i < parameters.Length; i++)
        {
            _ = parameters[i] switch
            {
                null => raw.sqlite3_bind_null(statement, i + 1),
                string text => raw.sqlite3_bind_text(statement, i + 1, text),
                long number => raw.sqlite3_bind_int64(statement, i + 1, number),
                byte[] bytes => raw.sqlite3_bind_blob(statement, i + 1, bytes),
                var other => throw new NaruException(ErrorKind.Internal, $"cannot bind a {other.GetType().Name}"),
            };
        }

        return statement;
    }

    private bool Step(sqlite3_stmt statement) => raw.sqlite3_step(statement) switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        _ => throw Failure(),
    };

    private void Return(string sql, sqlite3_stmt statement)
    {
        _ = raw.sqlite3_reset(statement);
        _ = raw.sqlite3_clear_bindings(statement);
        prepared[sql].Push(statement);
    }

    private NaruException Failure()
    {
        var code = raw.sqlite3_extended_errcode(connection);
        var kind = code switch
        {
            raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY or raw.SQLITE_CONSTRAINT_ROWID => ErrorKind.AlreadyExists,
            raw.SQLITE_CONSTRAINT_FOREIGNKEY => ErrorKind.Conflict,
            _ when (code & 0xff) == raw.SQLITE_BUSY => ErrorKind.Unavailable,
            _ => ErrorKind.Internal,
        };

        // The second is what it says when the index of its log does not grow.
        return code is raw.SQLITE_FULL or IndexNotGrown ? new(ErrorKind.Internal, "metadata: no space left on device") { Errno = NoSpace }
            : new(kind, $"metadata: {raw.sqlite3_errmsg(connection).utf8_to_string()}");
    }
}
