namespace Naru.Hub.Metadata;

/// <summary>The metadata of everything but blobs' bytes: the tables of <see cref="Schema"/>, in SQLite or in PostgreSQL.</summary>
/// <remarks>
/// One SQL text serves both: parameters are <c>$1</c>, <c>$2</c>…; types are text, whole numbers and bytes; times are UTC ticks (100 ns); truth is 0 or 1;
/// <c>INSERT … ON CONFLICT</c>, <c>RETURNING</c> and <c>LIMIT</c> mean the same in either. A parameter that may be null
/// takes its type from the column that it is written to or compared with; where it stands alone it is told: <c>CAST($1 AS TEXT) IS NULL</c>. What a transaction relies on, it must hold by a constraint, by a
/// condition in its own UPDATE or DELETE, or by <see cref="ISession.Lock"/>: several processes may write at once, each statement seeing what was committed before it began.
/// After a statement has failed the transaction is lost: let the error pass. A key that is there already is AlreadyExists, a reference that does not hold is Conflict.
/// Text is compared and sorted byte for byte, and <c>LIKE</c> is of one case in one database and not in the other: keep what is searched in lower case.
/// </remarks>
public interface IDatabase : IAsyncDisposable
{
    /// <summary>Runs <paramref name="work"/> in a transaction, committed and durable when this returns, rolled back when it throws.</summary>
    /// <remarks>
    /// May run it again: after a deadlock, and when another transaction took away a row that this one had found and then referred to. So it changes nothing but
    /// the database, and waits for nothing but the database: others may have to wait for it.
    /// </remarks>
    ValueTask<T> Write<T>(Func<ISession, ValueTask<T>> work, CancellationToken cancel);

    /// <summary>Runs <paramref name="work"/>, which only reads.</summary>
    ValueTask<T> Read<T>(Func<ISession, ValueTask<T>> work, CancellationToken cancel);
}
