using Npgsql;

namespace Naru.Hub.Metadata;

/// <summary>The row that a reader is at.</summary>
internal sealed class PostgresRow(NpgsqlDataReader reader) : IRow
{
    public string Text(int column) => reader.GetString(column);

    public string? TextOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>A number of any of the types that a column, a constant, a comparison and a sum have here.</summary>
    public long Number(int column) => Type.GetTypeCode(reader.GetFieldType(column)) switch
    {
        TypeCode.Boolean => reader.GetBoolean(column) ? 1 : 0,
        TypeCode.Int32 => reader.GetInt32(column),
        TypeCode.Decimal => (long)reader.GetDecimal(column),
        _ => reader.GetInt64(column),
    };

    public long? NumberOrNull(int column) => reader.IsDBNull(column) ? null : Number(column);

    public byte[] Bytes(int column) => reader.GetFieldValue<byte[]>(column);

    public DateTime Time(int column) => new(Number(column), DateTimeKind.Utc);

    public DateTime? TimeOrNull(int column) => reader.IsDBNull(column) ? null : Time(column);

    public bool Truth(int column) => Number(column) != 0;
}
