using Naru.Hub.Metadata;
using Naru.Hub.Registry;

namespace Naru.Hub.Accounts;

/// <summary>Who did what to what, from where and when. Entries are added in the transaction of what they tell of, and never changed.</summary>
public sealed class AuditTrail(IDatabase database)
{
    /// <summary>Longer details are cut: an entry is a line, not a document.</summary>
    private const int LongestDetail = 500;

    private const int MostRows = 500;

    /// <summary>Adds an entry inside a transaction, so that it is there exactly when what it tells of is.</summary>
    public static async ValueTask Add(ISession session, Caller caller, string action, string target, string detail) =>
        await Add(session, caller.Name ?? "", caller.Address, action, target, detail);

    /// <summary>As above, for who is known only by a name.</summary>
    public static async ValueTask Add(ISession session, string account, string address, string action, string target, string detail) =>
        await session.Execute(
            "INSERT INTO audit (at, account, address, action, target, detail) VALUES ($1, $2, $3, $4, $5, $6)",
            DateTime.UtcNow.Ticks, account, address, action, target, detail.Length > LongestDetail ? detail[..LongestDetail] : detail);

    /// <summary>Adds what was pushed or deleted, in the transaction that does it.</summary>
    public static ValueTask Add(ISession session, RepositoryEvent change) => Add(
        session, change.Caller, change.Kind == RepositoryEventKind.Push ? AuditAction.ManifestPushed : change.Tag is null ? AuditAction.ManifestDeleted : AuditAction.TagDeleted,
        change.Repository.Name, change.Tag is null ? change.Digest.ToString() : $"{change.Tag} {change.Digest}");

    /// <summary>Adds an entry of its own.</summary>
    public async ValueTask Record(Caller caller, string action, string target, string detail, CancellationToken cancel) =>
        await database.Write(async session =>
        {
            await Add(session, caller, action, target, detail);
            return "";
        }, cancel);

    /// <summary>The newest entries that fit, newest first.</summary>
    public async ValueTask<List<AuditEntry>> List(AuditFilter filter, int most, CancellationToken cancel)
    {
        var rows = (long)Math.Clamp(most, 1, MostRows);
        var action = filter.Action ?? "";
        var before = filter.Before ?? long.MaxValue;

        // Each index gives its newest rows in order; "about" joins the newest of each.
        const string page = "id < $2 AND ($3 = '' OR action = $3) ORDER BY id DESC LIMIT $4";
        if (filter.About is { } about)
        {
            string Newest(string condition, string alias) => $"SELECT id FROM (SELECT id FROM audit WHERE {condition} AND {page}) {alias}";
            var sql = $"""
                SELECT {AuditEntry.Columns} FROM audit WHERE id IN ({Newest("account = $1", "a")} UNION {Newest("account >= $5 AND account < $6", "r")}
                UNION {Newest("target = $1", "t")} UNION {Newest("target >= $7 AND target < $8", "b")}) ORDER BY id DESC LIMIT $4
                """;
            return await database.Read(session => session.Query(sql, AuditEntry.Map, about, before, action, rows, $"{about}+", $"{about},", $"{about}/", $"{about}0"), cancel);
        }

        var condition = (filter.Account, filter.Target) switch
        {
            (null, null) => "$1 = '' AND $5 = ''",
            (_, null) => "account = $1 AND $5 = ''",
            (null, _) => "target = $5 AND $1 = ''",
            _ => "account = $1 AND target = $5",
        };
        return await database.Read(
            session => session.Query($"SELECT {AuditEntry.Columns} FROM audit WHERE {condition} AND {page}", AuditEntry.Map, filter.Account ?? "", before, action, rows, filter.Target ?? ""), cancel);
    }

    /// <summary>Removes what is older than <paramref name="before"/>; how many entries that were.</summary>
    public ValueTask<int> Trim(DateTime before, CancellationToken cancel) =>
        database.Write(session => session.Execute("DELETE FROM audit WHERE at < $1", before.Ticks), cancel);
}
