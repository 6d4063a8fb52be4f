using System.Collections.Concurrent;
using Naru.Base;
using Naru.Sqlite;
using SQLitePCL;

namespace Naru.Hub.Metadata;

/// <summary>One SQLite file (WAL): one connection that writes, whole transactions, flushed when they are committed; a few that read beside it.</summary>
public sealed class SqliteDatabase : IDatabase
{
    private readonly string path;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly SqliteConnection writer;
    private readonly ConcurrentBag<SqliteConnection> readers = [];

    /// <summary>Opens or creates the file, and brings it to today's tables.</summary>
    /// <exception cref="NaruException">Internal: it cannot be opened, is no database, or was written by a later version.</exception>
    public SqliteDatabase(string path)
    {
        this.path = path;
        Batteries_V2.Init();
        writer = new SqliteConnection(path);
        try
        {
            Migrate();
        }
        catch (NaruException e)
        {
            writer.Dispose();
            throw new NaruException(ErrorKind.Internal, $"open {path}: {e.Message}", e);
        }
    }

    public async ValueTask<T> Write<T>(Func<ISession, ValueTask<T>> work, CancellationToken cancel)
    {
        await writing.WaitAsync(cancel);
        try
        {
            writer.Statements.Execute("BEGIN IMMEDIATE");
            try
            {
                var result = await work(writer);
                writer.Statements.Execute("COMMIT");
                return result;
            }
            catch
            {
                writer.Statements.RollBack();
                throw;
            }
        }
        finally
        {
            writing.Release();
        }
    }

    public async ValueTask<T> Read<T>(Func<ISession, ValueTask<T>> work, CancellationToken cancel)
    {
        if (!readers.TryTake(out var reader))
            reader = new SqliteConnection(path, readOnly: true);
        try
        {
            return await work(reader);
        }
        finally
        {
            readers.Add(reader);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await writing.WaitAsync();
        while (readers.TryTake(out var reader))
            reader.Dispose();
        writer.Dispose();
        writing.Dispose();
    }

    private void Migrate()
    {
        var statements = writer.Statements;
        // The version is read inside: two processes may start at once on a new file.
        statements.Execute("BEGIN IMMEDIATE");
        try
        {
            var version = (int)(statements.Number("PRAGMA user_version") ?? 0);
            Schema.CheckVersion(version);
            for (; version < Schema.Steps.Length; version++)
                statements.Run(Schema.Step(version, "INTEGER PRIMARY KEY AUTOINCREMENT", "BLOB", "TEXT"));
            statements.Run($"PRAGMA user_version = {version}");
            statements.Execute("COMMIT");
        }
        catch
        {
            statements.RollBack();
            throw;
        }
    }
}
