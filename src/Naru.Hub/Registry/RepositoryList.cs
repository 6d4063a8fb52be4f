using Naru.Hub.Accounts;
using Naru.Hub.Metadata;

namespace Naru.Hub.Registry;

/// <summary>The names of all repositories that somebody may see.</summary>
public sealed class RepositoryList(IDatabase database)
{
    /// <summary>Names in the order of their bytes, after <paramref name="last"/>, at most <paramref name="count"/>.</summary>
    public ValueTask<List<string>> Names(Caller caller, string last, int count, CancellationToken cancel)
    {
        var visible = Visibility.Of(caller, "r", 3);
        return database.Read(session => session.Query(
            $"SELECT r.name FROM repository r WHERE r.name > $1 AND {visible.Condition} ORDER BY r.name LIMIT $2", row => row.Text(0), visible.With(last, (long)count)), cancel);
    }
}
