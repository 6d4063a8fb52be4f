namespace Naru.Hub.Metadata;

/// <summary>The metadata of everything but blobs' bytes: the tables of <see cref="Schema"/>, in SQLite or in PostgreSQL.</summary>
/// <remarks>
/// One SQL text serves both: parameters are <c>$1</c>, <c>$2</c>…; types are text, whole numbers and bytes; times are UTC ticks (100 ns); truth is 0 or 1;
/// <c>INSERT … ON CONFLICT</c>, <c>RETURNING</c> and <c>LIMIT</c> mean the same in either. What a transaction relies on, it must hold by a constraint, by a
/// condition in its own UPDATE or DELETE, or by <see cref="ISession.Lock"/>: several processes may write at once, each seeing what was committed before its statement.
/// </remarks>
public interface IDatabase : IAsyncDisposable
{
    /// <summary>Runs <paramref name="work"/> in a transaction, committed and durable when this returns, rolled back when it throws. May run it again after a deadlock.</summary>
    ValueTask<T> Write<T>(Func<ISession, ValueTask<T>> work, CancellationToken cancel);

    /// <summary>Runs <paramref name="work"/>, which only reads.</summary>
    ValueTask<T> Read<T>(Func<ISession, ValueTask<T>> work, CancellationToken cancel);
}
