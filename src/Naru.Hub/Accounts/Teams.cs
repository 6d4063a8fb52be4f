using Naru.Base;
using Naru.Hub.Metadata;

namespace Naru.Hub.Accounts;

/// <summary>An organisation's teams: who is in them, and what they may do to its repositories. Owners decide.</summary>
public sealed class Teams(IDatabase database, Freshness freshness)
{
    /// <exception cref="NaruException">NotFound; AlreadyExists; InvalidArgument; PermissionDenied.</exception>
    public ValueTask Create(Caller by, string organisation, string team, CancellationToken cancel) => Change(by, organisation, null, async (session, target, _) =>
    {
        AccountNames.CheckPart("team", team);
        if (await session.Execute("INSERT INTO team (organisation, name) VALUES ($1, $2) ON CONFLICT (organisation, name) DO NOTHING", target.Id, team) == 0)
            throw new RefusedException(Refusal.TeamTaken, ErrorKind.AlreadyExists, $"{organisation} has a team {team} already", team);
        await AuditTrail.Add(session, by, AuditAction.TeamMade, organisation, team);
    }, cancel);

    /// <exception cref="NaruException">NotFound; PermissionDenied.</exception>
    public ValueTask Delete(Caller by, string organisation, string team, CancellationToken cancel) => Change(by, organisation, team, async (session, _, id) =>
    {
        await session.Execute("DELETE FROM team WHERE id = $1", id);
        await AuditTrail.Add(session, by, AuditAction.TeamDeleted, organisation, team);
    }, cancel);

    public async ValueTask<List<Team>> List(string organisation, CancellationToken cancel) => await database.Read(
        session => session.Query(
            """
            SELECT t.id, t.name, (SELECT COUNT(*) FROM team_member m WHERE m.team = t.id), (SELECT COUNT(*) FROM team_grant g WHERE g.team = t.id)
            FROM team t JOIN account o ON o.id = t.organisation WHERE o.name = $1 ORDER BY t.name
            """,
            row => new Team(row.Number(0), row.Text(1), row.Number(2), row.Number(3)), organisation),
        cancel);

    public async ValueTask<List<Member>> Members(string organisation, string team, CancellationToken cancel) => await database.Read(
        session => session.Query(
            """
            SELECT a.name, a.full_name, m.role FROM team t JOIN account o ON o.id = t.organisation JOIN team_member tm ON tm.team = t.id JOIN account a ON a.id = tm.account
            JOIN member m ON m.organisation = o.id AND m.account = a.id WHERE o.name = $1 AND t.name = $2 ORDER BY a.name
            """,
            Organisations.MapMember, organisation, team),
        cancel);

    /// <summary>What the team was given, by repository.</summary>
    public async ValueTask<List<Right>> Rights(string organisation, string team, CancellationToken cancel) => await database.Read(
        session => session.Query(
            """
            SELECT t.name, r.name, g.level FROM team t JOIN account o ON o.id = t.organisation JOIN team_grant g ON g.team = t.id JOIN repository r ON r.id = g.repository
            WHERE o.name = $1 AND t.name = $2 ORDER BY r.name
            """,
            row => new Right(row.Text(0), true, row.Text(1), AccessLevels.Parse(row.Text(2))), organisation, team),
        cancel);

    /// <exception cref="NaruException">NotFound; PermissionDenied; FailedPrecondition: the user is not in the organisation.</exception>
    public ValueTask AddMember(Caller by, string organisation, string team, string user, CancellationToken cancel) => Change(by, organisation, team, async (session, target, id) =>
    {
        var member = await Management.FindUser(session, user);
        if (await Management.Role(session, target.Id, member.Id) is null)
            throw new RefusedException(Refusal.MemberFirst, ErrorKind.FailedPrecondition, $"{user} is not in {organisation}: add them there first", user, organisation);
        await session.Execute("INSERT INTO team_member (team, account) VALUES ($1, $2) ON CONFLICT (team, account) DO NOTHING", id, member.Id);
        await AuditTrail.Add(session, by, AuditAction.TeamChanged, organisation, $"{team}: {user} added");
    }, cancel);

    /// <exception cref="NaruException">NotFound; PermissionDenied.</exception>
    public ValueTask RemoveMember(Caller by, string organisation, string team, string user, CancellationToken cancel) => Change(by, organisation, team, async (session, _, id) =>
    {
        if (await session.Execute("DELETE FROM team_member WHERE team = $1 AND account IN (SELECT id FROM account WHERE name = $2)", id, user) == 0)
            throw new RefusedException(Refusal.NoMember, ErrorKind.NotFound, $"{user} is not in {team}", user, team);
        await AuditTrail.Add(session, by, AuditAction.TeamChanged, organisation, $"{team}: {user} removed");
    }, cancel);

    /// <summary>Gives the team a right on one of the organisation's repositories; <see cref="AccessLevel.None"/> takes it away.</summary>
    /// <exception cref="NaruException">NotFound; PermissionDenied.</exception>
    public ValueTask Grant(Caller by, string organisation, string team, string repository, AccessLevel level, CancellationToken cancel) => Change(by, organisation, team, async (session, target, id) =>
    {
        var found = await session.Number("SELECT id FROM repository WHERE name = $1 AND account = $2", repository, target.Id)
            ?? throw new RefusedException(Refusal.NoRepository, ErrorKind.NotFound, $"{organisation} has no repository {repository}", organisation, repository);
        if (level == AccessLevel.None)
            await session.Execute("DELETE FROM team_grant WHERE team = $1 AND repository = $2", id, found);
        else
            await session.Execute("INSERT INTO team_grant (team, repository, level) VALUES ($1, $2, $3) ON CONFLICT (team, repository) DO UPDATE SET level = excluded.level", id, found, AccessLevels.Word(level));
        await AuditTrail.Add(session, by, level == AccessLevel.None ? AuditAction.RightTaken : AuditAction.RightGiven, repository, $"team {team}: {AccessLevels.Word(level)}");
    }, cancel);

    private async ValueTask Change(Caller by, string organisation, string? team, Func<ISession, Account, long, ValueTask> change, CancellationToken cancel)
    {
        await database.Write(async session =>
        {
            var target = await Management.FindOrganisation(session, organisation);
            await Management.Require(session, by, target.Id);
            var id = team is null ? 0 : await session.Number("SELECT id FROM team WHERE organisation = $1 AND name = $2", target.Id, team) ?? throw new RefusedException(Refusal.NoTeam, ErrorKind.NotFound, $"{organisation} has no team {team}", organisation, team);
            await change(session, target, id);
            return target;
        }, cancel);
        freshness.Changed();
    }
}
