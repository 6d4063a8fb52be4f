using Naru.Base;
using Naru.Hub.Metadata;

namespace Naru.Hub.Accounts;

/// <summary>Users and organisations alike: finding, changing and deleting them.</summary>
public sealed class AccountDirectory(IDatabase database, Freshness freshness)
{
    private const int MostRows = 500;

    public async ValueTask<Account?> Find(string name, CancellationToken cancel) =>
        await database.Read(session => session.First($"SELECT {Account.Columns} FROM account WHERE name = $1", Account.Map, name), cancel);

    public async ValueTask<Account?> Get(long id, CancellationToken cancel) =>
        await database.Read(session => session.First($"SELECT {Account.Columns} FROM account WHERE id = $1", Account.Map, id), cancel);

    /// <summary>A page of accounts by name, after <paramref name="after"/>; <paramref name="organisations"/> null is both kinds.</summary>
    public async ValueTask<List<Account>> List(string after, int most, bool? organisations, CancellationToken cancel) =>
        await database.Read(
            session => session.Query(
                $"SELECT {Account.Columns} FROM account WHERE name > $1 AND ($2 < 0 OR organisation = $2) ORDER BY name LIMIT $3",
                Account.Map, after, organisations is { } kind ? kind ? 1L : 0L : -1L, (long)Math.Clamp(most, 1, MostRows)),
            cancel);

    /// <summary>How many there are: users, or organisations.</summary>
    public async ValueTask<long> Count(bool organisations, CancellationToken cancel) =>
        (await database.Read(async session => new Answer(await session.Number("SELECT COUNT(*) FROM account WHERE organisation = $1", organisations ? 1L : 0L) ?? 0), cancel)).Number;

    /// <exception cref="NaruException">NotFound; PermissionDenied; InvalidArgument.</exception>
    public async ValueTask Change(Caller by, string name, Profile profile, CancellationToken cancel)
    {
        if (profile.FullName is { } fullName)
            AccountTexts.CheckFullName(fullName);
        if (profile.Email is { } email)
            AccountTexts.CheckEmail(email);
        if (profile.Description is { } description)
            AccountTexts.CheckDescription(description);
        await database.Write(async session =>
        {
            var account = await Management.Find(session, name);
            await Management.Require(session, by, account.Id);
            await session.Execute(
                "UPDATE account SET full_name = $1, email = $2, private_default = $3, description = $4 WHERE id = $5",
                profile.FullName ?? account.FullName, profile.Email ?? account.Email, profile.PrivateByDefault ?? account.PrivateByDefault ? 1L : 0L, profile.Description ?? account.Description, account.Id);
            await AuditTrail.Add(session, by, AuditAction.AccountChanged, name, "profile");
            return account;
        }, cancel);
        freshness.Changed();
    }

    /// <summary>Sets how many bytes the account's repositories may hold; null is the registry's default.</summary>
    /// <exception cref="NaruException">NotFound; PermissionDenied: administrators only.</exception>
    public async ValueTask SetQuota(Caller by, string name, long? bytes, CancellationToken cancel)
    {
        Management.RequireAdmin(by);
        if (bytes < 0)
            throw new RefusedException(Refusal.Quota, ErrorKind.InvalidArgument, "a quota is a number of bytes, not below 0");
        await database.Write(async session =>
        {
            var account = await Management.Find(session, name);
            await session.Execute("UPDATE account SET quota = $1 WHERE id = $2", bytes, account.Id);
            await AuditTrail.Add(session, by, AuditAction.AccountChanged, name, bytes is { } limit ? $"quota {limit}" : "quota default");
            return account;
        }, cancel);
        freshness.Changed();
    }

    /// <summary>What <see cref="Delete"/> would take with it.</summary>
    /// <exception cref="NaruException">NotFound; PermissionDenied.</exception>
    public async ValueTask<AccountContents> Contents(Caller by, string name, CancellationToken cancel) => await database.Read(async session =>
    {
        var account = await Management.Find(session, name);
        await Management.Require(session, by, account.Id);
        return await Contents(session, account);
    }, cancel);

    /// <summary>Deletes the account with its repositories, tokens, teams and rights. Its entries in the audit trail stay; bytes that nothing names go with the next collection.</summary>
    /// <exception cref="NaruException">NotFound; PermissionDenied; FailedPrecondition: an organisation would be left without an owner, or the registry without an administrator.</exception>
    public async ValueTask<AccountContents> Delete(Caller by, string name, CancellationToken cancel)
    {
        var gone = await database.Write(async session =>
        {
            await session.Lock("accounts");
            var account = await Management.Find(session, name);
            await Management.Require(session, by, account.Id);
            await Users.RequireOtherAdmin(session, by, account);
            var contents = await Contents(session, account);
            if (contents.Organisations.Count > 0)
                throw new RefusedException(Refusal.OnlyOwnerOfSome, ErrorKind.FailedPrecondition, $"{name} is the only owner of {string.Join(", ", contents.Organisations)}: make somebody else an owner, or delete it first", name, string.Join(", ", contents.Organisations));
            await session.Execute("DELETE FROM account WHERE id = $1", account.Id);
            await AuditTrail.Add(session, by, AuditAction.AccountDeleted, name, $"{contents.Repositories} repositories, {contents.Tokens} tokens");
            return contents;
        }, cancel);
        freshness.Changed();
        return gone;
    }

    private static async ValueTask<AccountContents> Contents(ISession session, Account account) => new(
        await session.Number("SELECT COUNT(*) FROM repository WHERE account = $1", account.Id) ?? 0,
        await session.Number("SELECT COUNT(*) FROM token WHERE account = $1 AND kind <> 'refresh'", account.Id) ?? 0,
        await session.Query(
            """
            SELECT o.name FROM member m JOIN account o ON o.id = m.organisation WHERE m.account = $1 AND m.role = 'owner'
            AND NOT EXISTS (SELECT 1 FROM member other WHERE other.organisation = m.organisation AND other.role = 'owner' AND other.account <> $1) ORDER BY o.name
            """,
            row => row.Text(0), account.Id));

    private sealed record Answer(long Number);
}
