namespace Naru.Hub.Metadata;

/// <summary>The database inside one transaction or read. Parameters: string, long, byte[] or null.</summary>
public interface ISession
{
    /// <summary>Runs a statement; how many rows it changed.</summary>
    ValueTask<int> Execute(string sql, params object?[] parameters);

    /// <summary>All rows of a query.</summary>
    ValueTask<List<T>> Query<T>(string sql, Func<IRow, T> map, params object?[] parameters)
        where T : class;

    /// <summary>The first row of a query, or null.</summary>
    ValueTask<T?> First<T>(string sql, Func<IRow, T> map, params object?[] parameters)
        where T : class;

    /// <summary>The number in the first column of the first row; null for no row, or for NULL.</summary>
    ValueTask<long?> Number(string sql, params object?[] parameters);

    /// <summary>Waits until no other transaction holds this name, and holds it until the transaction ends. Only in a write.</summary>
    ValueTask Lock(string name);
}
