using Naru.Hub.Accounts;
using Naru.Hub.Metadata;
using Naru.Tests.Hub.Accounts;

namespace Naru.Tests.Hub.Metadata;

/// <summary>Tests of a room on both databases: a class of them is abstract and has an heir for each.</summary>
/// <param name="server">Null for SQLite.</param>
public abstract class EitherDatabase(PostgresServer? server)
{
    private string? address;

    private protected bool IsSqlite => server is null;

    /// <summary>The test's tables, or another instance over them, as another process has one. SQLite's file is in <paramref name="folder"/>.</summary>
    private protected async ValueTask<IDatabase> Open(string folder) =>
        server is null ? new SqliteDatabase(Path.Combine(folder, "hub.db")) : await PostgresDatabase.Open(address ??= server.NewDatabase(), default);

    private protected Task<AccountStage> Stage(AccountOptions? options = null) => AccountStage.Open(options, Open);
}
