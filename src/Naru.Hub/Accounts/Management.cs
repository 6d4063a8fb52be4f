using Naru.Base;
using Naru.Hub.Metadata;

namespace Naru.Hub.Accounts;

/// <summary>Who may change an account and what belongs to it: the account itself, an organisation's owners, administrators.</summary>
internal static class Management
{
    /// <exception cref="NaruException">PermissionDenied.</exception>
    public static async ValueTask Require(ISession session, Caller caller, long account)
    {
        Require(caller);
        if (!caller.Admin && caller.Account != account && await Role(session, account, caller.Account ?? 0) != MemberRole.Owner)
            throw new RefusedException(Refusal.OwnersOnly, ErrorKind.PermissionDenied, "only an owner or an administrator may do this");
    }

    /// <summary>The credential may be used for accounts at all.</summary>
    /// <exception cref="NaruException">PermissionDenied; Unauthenticated.</exception>
    public static void Require(Caller caller)
    {
        if (caller.Account is null && caller.Credential != Credential.Machine)
            throw new NaruException(ErrorKind.Unauthenticated, "authentication required");
        if (!caller.MayManage)
            throw new NaruException(ErrorKind.PermissionDenied, "the token's scopes do not allow this");
    }

    /// <exception cref="NaruException">PermissionDenied.</exception>
    public static void RequireAdmin(Caller caller)
    {
        Require(caller);
        if (!caller.Admin)
            throw new RefusedException(Refusal.AdministratorsOnly, ErrorKind.PermissionDenied, "only an administrator may do this");
    }

    public static async ValueTask<MemberRole?> Role(ISession session, long organisation, long account) =>
        await session.First("SELECT role FROM member WHERE organisation = $1 AND account = $2", row => row.Text(0), organisation, account) switch
        {
            "owner" => MemberRole.Owner,
            null => null,
            _ => MemberRole.Member,
        };

    /// <exception cref="NaruException">NotFound.</exception>
    public static async ValueTask<Account> Find(ISession session, string name) =>
        await session.First($"SELECT {Account.Columns} FROM account WHERE name = $1", Account.Map, name) ?? throw new RefusedException(Refusal.NoAccount, ErrorKind.NotFound, $"no such account: {name}", name);

    /// <exception cref="NaruException">NotFound; InvalidArgument: it is an organisation.</exception>
    public static async ValueTask<Account> FindUser(ISession session, string name) =>
        await Find(session, name) is { Organisation: false } user ? user : throw new RefusedException(Refusal.NoUser, ErrorKind.InvalidArgument, $"{name} is an organisation, not a user", name);

    /// <exception cref="NaruException">NotFound; InvalidArgument: it is a user.</exception>
    public static async ValueTask<Account> FindOrganisation(ISession session, string name) =>
        await Find(session, name) is { Organisation: true } organisation ? organisation : throw new RefusedException(Refusal.NoOrganisation, ErrorKind.InvalidArgument, $"{name} is a user, not an organisation", name);

    /// <summary>Adds a row to <c>account</c>.</summary>
    /// <exception cref="NaruException">AlreadyExists.</exception>
    public static async ValueTask<Account> Insert(ISession session, NewAccount made, string? password, bool organisation)
    {
        var added = await session.Execute(
            "INSERT INTO account (name, organisation, full_name, email, password, admin, created) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO NOTHING",
            made.Name, organisation ? 1L : 0L, made.FullName, made.Email, password, made.Admin ? 1L : 0L, DateTime.UtcNow.Ticks);
        return added > 0 ? await Find(session, made.Name) : throw new RefusedException(Refusal.NameTaken, ErrorKind.AlreadyExists, $"the name {made.Name} is taken", made.Name);
    }
}
