using Naru.Sqlite;

namespace Naru.Hub.Metadata;

/// <summary>The row that a connection's query is at.</summary>
internal sealed class SqliteRow : IRow
{
    private Row row;

    public SqliteRow At(Row row)
    {
        this.row = row;
        return this;
    }

    public string Text(int column) => row.Text(column);

    public string? TextOrNull(int column) => row.TextOrNull(column);

    public long Number(int column) => row.Number(column);

    public long? NumberOrNull(int column) => row.NumberOrNull(column);

    public byte[] Bytes(int column) => row.Bytes(column);

    public DateTime Time(int column) => row.Time(column);

    public DateTime? TimeOrNull(int column) => row.NumberOrNull(column) is { } ticks ? new DateTime(ticks, DateTimeKind.Utc) : null;

    public bool Truth(int column) => row.Number(column) != 0;
}
