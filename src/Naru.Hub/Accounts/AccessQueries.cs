using Naru.Hub.Metadata;
using Naru.Hub.Registry;

namespace Naru.Hub.Accounts;

/// <summary>What the database says of a name and somebody, each in one query along indexes.</summary>
internal static class AccessQueries
{
    private const string Repositories = $"""
        SELECT r.id, r.name, r.account, r.private,
            CASE WHEN r.account = $2 THEN 1 ELSE (SELECT 1 FROM member m WHERE m.organisation = r.account AND m.account = $2 AND m.role = 'owner') END,
            (SELECT {AccessLevels.Rank} FROM collaborator c WHERE c.repository = r.id AND c.account = $2),
            (SELECT MAX({AccessLevels.Rank}) FROM team_grant g JOIN team_member t ON t.team = g.team WHERE g.repository = r.id AND t.account = $2)
        FROM repository r WHERE r.name = $1
        """;

    private const string Namespaces = """
        SELECT a.id, a.private_default, CASE WHEN a.id = $2 THEN 1 ELSE (SELECT 1 FROM member m WHERE m.organisation = a.id AND m.account = $2 AND m.role = 'owner') END
        FROM account a WHERE a.name = $1
        """;

    /// <summary>A repository, and what <paramref name="account"/> was given on it; 0 is nobody.</summary>
    public static ValueTask<Standing?> Standing(ISession session, string name, long account) => session.First(Repositories, MapStanding, name, account);

    /// <summary>Whom the first component of a name belongs to; null where that is nobody.</summary>
    public static ValueTask<Owner?> Owner(ISession session, string first, long account) => session.First(Namespaces, MapOwner, first, account);

    private static Standing MapStanding(IRow row)
    {
        var repository = new Repository(row.Number(0), row.Text(1), row.NumberOrNull(2), row.Truth(3));
        var level = repository.Private ? AccessLevel.None : AccessLevel.Pull;
        if (row.NumberOrNull(4) is not null)
            level = AccessLevel.Admin;
        for (var column = 5; column <= 6; column++)
        {
            if (row.NumberOrNull(column) is { } given && given > (long)level)
                level = (AccessLevel)given;
        }

        return new Standing(repository, level);
    }

    private static Owner MapOwner(IRow row) => new(row.Number(0), row.Truth(1), row.NumberOrNull(2) is not null);
}
