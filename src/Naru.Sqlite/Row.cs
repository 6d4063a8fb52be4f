using SQLitePCL;

namespace Naru.Sqlite;

/// <summary>One row of a query's answer; columns count from 0.</summary>
public readonly struct Row
{
    private readonly sqlite3_stmt statement;

    internal Row(sqlite3_stmt statement) => this.statement = statement;

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? string.Empty;

    public string? TextOrNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL ? null : Text(column);

    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    public long? NumberOrNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL ? null : Number(column);

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public DateTime Time(int column) => new(Number(column), DateTimeKind.Utc);
}
