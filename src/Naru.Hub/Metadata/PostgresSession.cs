using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Naru.Base;
using Npgsql;

namespace Naru.Hub.Metadata;

/// <summary>One connection, inside a transaction or not. What PostgreSQL refuses leaves as its own exception; the database makes it the hub's.</summary>
internal sealed class PostgresSession(NpgsqlConnection connection, CancellationToken cancel) : ISession
{
    public async ValueTask<int> Execute(string sql, params object?[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    public async ValueTask<List<T>> Query<T>(string sql, Func<IRow, T> map, params object?[] parameters)
        where T : class
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var row = new PostgresRow(reader);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
            rows.Add(map(row));
        return rows;
    }

    public async ValueTask<T?> First<T>(string sql, Func<IRow, T> map, params object?[] parameters)
        where T : class
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? map(new PostgresRow(reader)) : null;
    }

    public async ValueTask<long?> Number(string sql, params object?[] parameters)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? new PostgresRow(reader).NumberOrNull(0) : null;
    }

    public async ValueTask Lock(string name) =>
        await Execute("SELECT pg_advisory_xact_lock($1)", BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name))));

    private NpgsqlCommand Command(string sql, object?[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter switch
            {
                long number => new NpgsqlParameter<long> { TypedValue = number },
                string text => new NpgsqlParameter<string> { TypedValue = text },
                byte[] bytes => new NpgsqlParameter<byte[]> { TypedValue = bytes },
                // Sent without a type: the server takes that of the column it is written to or compared with.
                null => new NpgsqlParameter { Value = DBNull.Value },
                var other => throw new NaruException(ErrorKind.Internal, $"cannot bind a {other.GetType().Name}"),
            });
        }

        return command;
    }
}
