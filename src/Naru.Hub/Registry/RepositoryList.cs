using Naru.Hub.Accounts;
using Naru.Hub.Metadata;

namespace Naru.Hub.Registry;

/// <summary>The names of all repositories that somebody may see.</summary>
public sealed class RepositoryList(IDatabase database)
{
    /// <summary>Names in the order of their bytes, after <paramref name="last"/>, at most <paramref name="count"/>: public ones, the caller's own; all to an administrator.</summary>
    public ValueTask<List<string>> Names(Caller caller, string last, int count, CancellationToken cancel) => database.Read(session => session.Query("""
        SELECT name FROM repository WHERE name > $1 AND ($2 = 1 OR private = 0 OR account = $3) ORDER BY name LIMIT $4
        """, row => row.Text(0), last, caller.Admin ? 1L : 0L, caller.Account ?? -1L, (long)count), cancel);
}
