using Naru.Hub.Accounts;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;

namespace Naru.Hub.Catalogue;

/// <summary>What the site and <c>docker search</c> read of repositories and tags. Each question is one or two statements along an index.</summary>
public sealed class RepositoryCatalogue(IDatabase database)
{
    /// <summary>The repositories that everybody may pull, the most pulled first.</summary>
    public async ValueTask<List<RepositoryEntry>> Popular(int count, CancellationToken cancel) => await database.Read(
        session => session.Query($"SELECT {RepositoryEntry.Columns} FROM repository r WHERE r.private = 0 ORDER BY r.pulls DESC LIMIT {count}", RepositoryEntry.Map), cancel);

    /// <summary>Those that <paramref name="caller"/> has rights on, the last pushed first; for anybody else, of all that everybody may pull.</summary>
    public async ValueTask<List<RepositoryEntry>> Recent(Caller caller, int count, CancellationToken cancel)
    {
        var which = caller.Account is { } account ? $"r.pushed IS NOT NULL AND r.id IN ({Visibility.Given(account)})" : "r.private = 0 AND r.pushed IS NOT NULL";
        return await database.Read(session => session.Query($"SELECT {RepositoryEntry.Columns} FROM repository r WHERE {which} ORDER BY r.pushed DESC LIMIT {count}", RepositoryEntry.Map), cancel);
    }

    /// <summary>How many repositories there are for everybody to see.</summary>
    public ValueTask<long> Count(CancellationToken cancel) => Number("SELECT COUNT(*) FROM repository WHERE private = 0", cancel);

    public async ValueTask<RepositoryDetails?> Find(Repository repository, CancellationToken cancel) => await database.Read(async session =>
    {
        var tags = await session.Number("SELECT COUNT(*) FROM tag WHERE repository = $1", repository.Id) ?? 0;
        var size = await session.Number("SELECT SUM(b.size) FROM held h JOIN blob b ON b.digest = h.digest WHERE h.repository = $1", repository.Id) ?? 0;
        return await session.First($"SELECT {RepositoryEntry.Columns}, r.readme FROM repository r WHERE r.id = $1", row => new RepositoryDetails(RepositoryEntry.Map(row), row.Text(7), tags, size), repository.Id);
    }, cancel);

    /// <summary>A page of tags, the last pushed first.</summary>
    /// <param name="filter">Only those whose name holds this, in either case.</param>
    public async ValueTask<List<TagEntry>> Tags(Repository repository, string filter, int offset, int count, CancellationToken cancel)
    {
        var pattern = filter.ToLowerInvariant().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        return await database.Read(
            session => filter.Length == 0
                ? session.Query($"SELECT name, digest, pushed FROM tag WHERE repository = $1 ORDER BY pushed DESC LIMIT {count} OFFSET {offset}", Tag, repository.Id)
                : session.Query($"SELECT name, digest, pushed FROM tag WHERE repository = $1 AND LOWER(name) LIKE $2 ESCAPE '\\' ORDER BY pushed DESC LIMIT {count} OFFSET {offset}", Tag, repository.Id, $"%{pattern}%"),
            cancel);
    }

    /// <summary>An account's repositories that <paramref name="caller"/> may see, by name.</summary>
    public async ValueTask<RepositoryEntries> OfAccount(Caller caller, long account, int offset, int count, CancellationToken cancel) => RepositoryEntries.Of(
        await database.Read(
            session => session.Query($"SELECT {RepositoryEntry.Columns} FROM repository r WHERE r.id IN (SELECT own.id FROM repository own WHERE own.account = $1) AND {Visibility.Of(caller)} ORDER BY r.name LIMIT {count + 1} OFFSET {offset}", RepositoryEntry.Map, account),
            cancel), count);

    /// <summary>Changes what a repository's page says.</summary>
    public async ValueTask Describe(Repository repository, string description, string readme, CancellationToken cancel) => await database.Write(async session =>
    {
        await session.Execute("UPDATE repository SET description = $1, readme = $2 WHERE id = $3", description, readme, repository.Id);
        await RepositoryTerms.Write(session, repository.Id, repository.Name, description);
        return "";
    }, cancel);

    /// <summary>A page of accounts by name, users and organisations.</summary>
    /// <param name="filter">Only those whose name begins so.</param>
    public async ValueTask<List<Account>> Accounts(string filter, int offset, int count, CancellationToken cancel) => await database.Read(
        session => session.Query($"SELECT {Account.Columns} FROM account WHERE name >= $1 AND name < $2 ORDER BY name LIMIT {count} OFFSET {offset}", Account.Map, filter, SearchWords.End(filter)), cancel);

    public async ValueTask<CatalogueCounts> Counts(CancellationToken cancel) => await database.Read(
        async session => new CatalogueCounts(
            await session.Number("SELECT COUNT(*) FROM account") ?? 0, await session.Number("SELECT COUNT(*) FROM repository") ?? 0, await session.Number("SELECT COUNT(*) FROM tag") ?? 0,
            await session.Number("SELECT COUNT(*) FROM blob") ?? 0, await session.Number("SELECT SUM(size) FROM blob") ?? 0),
        cancel);

    /// <summary>The accounts whose repositories hold the most bytes, each blob counted once an account.</summary>
    public async ValueTask<List<AccountUsage>> Largest(int count, CancellationToken cancel) => await database.Read(
        session => session.Query(
            $"""
            SELECT a.name, SUM(b.size), a.quota FROM (SELECT DISTINCT r.account, h.digest FROM held h JOIN repository r ON r.id = h.repository WHERE r.account IS NOT NULL) d
            JOIN blob b ON b.digest = d.digest JOIN account a ON a.id = d.account GROUP BY a.id, a.name, a.quota ORDER BY SUM(b.size) DESC LIMIT {count}
            """,
            row => new AccountUsage(row.Text(0), row.Number(1), row.NumberOrNull(2))),
        cancel);

    private static TagEntry Tag(IRow row) => new(row.Text(0), row.Text(1), row.Time(2));

    private async ValueTask<long> Number(string sql, CancellationToken cancel) => await database.Read(session => session.Number(sql), cancel) ?? 0;
}
