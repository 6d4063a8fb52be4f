using Naru.Base;
using Naru.Hub.Metadata;

namespace Naru.Hub.Accounts;

/// <summary>Users who were given rights on one repository.</summary>
public sealed class Collaborators(IDatabase database, Access access)
{
    /// <summary>Gives a user a right; <see cref="AccessLevel.None"/> takes it away.</summary>
    /// <exception cref="NaruException">NotFound; InvalidArgument; as <see cref="Access.Require"/>.</exception>
    public async ValueTask Set(Caller by, string repository, string user, AccessLevel level, CancellationToken cancel)
    {
        var found = await access.Require(by, repository, RepositoryAction.Administer, cancel);
        await database.Write(async session =>
        {
            var account = await Management.FindUser(session, user);
            if (account.Id == found.Account)
                throw new RefusedException(Refusal.OwnRepository, ErrorKind.InvalidArgument, $"{repository} is {user}'s own", repository, user);
            if (level == AccessLevel.None)
                await session.Execute("DELETE FROM collaborator WHERE repository = $1 AND account = $2", found.Id, account.Id);
            else
                await session.Execute("INSERT INTO collaborator (repository, account, level) VALUES ($1, $2, $3) ON CONFLICT (repository, account) DO UPDATE SET level = excluded.level", found.Id, account.Id, AccessLevels.Word(level));
            await AuditTrail.Add(session, by, level == AccessLevel.None ? AuditAction.RightTaken : AuditAction.RightGiven, repository, $"{user}: {AccessLevels.Word(level)}");
            return account;
        }, cancel);
        access.Forget();
    }

    /// <summary>Users and teams with rights on a repository.</summary>
    /// <exception cref="NaruException">As <see cref="Access.Require"/>: for those who administer it.</exception>
    public async ValueTask<List<Right>> List(Caller by, string repository, CancellationToken cancel)
    {
        var found = await access.Require(by, repository, RepositoryAction.Administer, cancel);
        return await database.Read(
            session => session.Query(
                """
                SELECT a.name AS holder, 0 AS team, c.level AS level FROM collaborator c JOIN account a ON a.id = c.account WHERE c.repository = $1
                UNION ALL SELECT t.name, 1, g.level FROM team_grant g JOIN team t ON t.id = g.team WHERE g.repository = $1 ORDER BY 2, 1
                """,
                row => new Right(row.Text(0), row.Truth(1), found.Name, AccessLevels.Parse(row.Text(2))), found.Id),
            cancel);
    }
}
