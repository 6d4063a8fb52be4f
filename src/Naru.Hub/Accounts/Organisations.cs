using Naru.Base;
using Naru.Hub.Metadata;

namespace Naru.Hub.Accounts;

/// <summary>Accounts that several users share: their members, and who of them are owners.</summary>
public sealed class Organisations(IDatabase database, Freshness freshness)
{
    /// <summary>Makes an organisation that <paramref name="by"/> owns; on the machine itself, <paramref name="owner"/> does.</summary>
    /// <exception cref="NaruException">AlreadyExists; InvalidArgument; Unauthenticated; PermissionDenied.</exception>
    public async ValueTask<Account> Create(Caller by, NewAccount organisation, string? owner, CancellationToken cancel)
    {
        Management.Require(by);
        if (owner is not null)
            Management.RequireAdmin(by);
        AccountNames.Check(organisation.Name);
        AccountTexts.CheckFullName(organisation.FullName);
        AccountTexts.CheckEmail(organisation.Email);
        return await database.Write(async session =>
        {
            var first = owner is not null ? (await Management.FindUser(session, owner)).Id : by.Account ?? throw new NaruException(ErrorKind.InvalidArgument, "an organisation needs an owner");
            var made = await Management.Insert(session, organisation with { Admin = false }, null, organisation: true);
            await session.Execute("INSERT INTO member (organisation, account, role) VALUES ($1, $2, 'owner')", made.Id, first);
            await AuditTrail.Add(session, by, AuditAction.AccountMade, organisation.Name, "organisation");
            return made;
        }, cancel);
    }

    /// <summary>Its members by name.</summary>
    public async ValueTask<List<Member>> Members(string organisation, CancellationToken cancel) => await database.Read(
        session => session.Query(
            "SELECT a.name, a.full_name, m.role FROM member m JOIN account a ON a.id = m.account JOIN account o ON o.id = m.organisation WHERE o.name = $1 ORDER BY a.name",
            MapMember, organisation),
        cancel);

    /// <summary>The organisations that a user is in, by name.</summary>
    public async ValueTask<List<Membership>> Of(string user, CancellationToken cancel) => await database.Read(
        session => session.Query(
            "SELECT o.name, o.full_name, m.role FROM member m JOIN account o ON o.id = m.organisation JOIN account a ON a.id = m.account WHERE a.name = $1 ORDER BY o.name",
            row => new Membership(row.Text(0), row.Text(1), RoleOf(row.Text(2))), user),
        cancel);

    /// <summary>Takes a user in, or changes the role.</summary>
    /// <exception cref="NaruException">NotFound; PermissionDenied; FailedPrecondition: the last owner stays one.</exception>
    public async ValueTask SetMember(Caller by, string organisation, string user, MemberRole role, CancellationToken cancel)
    {
        await database.Write(async session =>
        {
            await session.Lock("accounts");
            var (target, member) = await Find(session, organisation, user);
            await Management.Require(session, by, target.Id);
            if (role != MemberRole.Owner)
                await RequireOtherOwner(session, target, member);
            var word = role == MemberRole.Owner ? "owner" : "member";
            await session.Execute(
                "INSERT INTO member (organisation, account, role) VALUES ($1, $2, $3) ON CONFLICT (organisation, account) DO UPDATE SET role = excluded.role", target.Id, member.Id, word);
            await AuditTrail.Add(session, by, AuditAction.MemberAdded, organisation, $"{user}: {word}");
            return "";
        }, cancel);
        freshness.Changed();
    }

    /// <summary>Takes a user out of the organisation and its teams; members may leave by themselves.</summary>
    /// <exception cref="NaruException">NotFound; PermissionDenied; FailedPrecondition: the last owner stays.</exception>
    public async ValueTask RemoveMember(Caller by, string organisation, string user, CancellationToken cancel)
    {
        await database.Write(async session =>
        {
            await session.Lock("accounts");
            var (target, member) = await Find(session, organisation, user);
            if (by.Account == member.Id)
                Management.Require(by);
            else
                await Management.Require(session, by, target.Id);
            await RequireOtherOwner(session, target, member);
            if (await session.Execute("DELETE FROM member WHERE organisation = $1 AND account = $2", target.Id, member.Id) == 0)
                throw new RefusedException(Refusal.NoMember, ErrorKind.NotFound, $"{user} is not in {organisation}", user, organisation);
            await session.Execute("DELETE FROM team_member WHERE account = $1 AND team IN (SELECT id FROM team WHERE organisation = $2)", member.Id, target.Id);
            await AuditTrail.Add(session, by, AuditAction.MemberRemoved, organisation, user);
            return "";
        }, cancel);
        freshness.Changed();
    }

    internal static Member MapMember(IRow row) => new(row.Text(0), row.Text(1), RoleOf(row.Text(2)));

    private static MemberRole RoleOf(string word) => word == "owner" ? MemberRole.Owner : MemberRole.Member;

    private static async ValueTask<(Account Organisation, Account User)> Find(ISession session, string organisation, string user) =>
        (await Management.FindOrganisation(session, organisation), await Management.FindUser(session, user));

    private static async ValueTask RequireOtherOwner(ISession session, Account organisation, Account member)
    {
        if (await Management.Role(session, organisation.Id, member.Id) == MemberRole.Owner
            && await session.Number("SELECT COUNT(*) FROM member WHERE organisation = $1 AND role = 'owner' AND account <> $2", organisation.Id, member.Id) is null or 0)
            throw new RefusedException(Refusal.OnlyOwner, ErrorKind.FailedPrecondition, $"{member.Name} is the only owner of {organisation.Name}", member.Name, organisation.Name);
    }
}
