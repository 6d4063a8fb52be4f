using Naru.Base;
using Naru.Hub.Accounts.Tokens;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;

namespace Naru.Hub.Accounts.Browsers;

/// <summary>Browsers that are signed in: each has a random cookie, of which only the hash is kept, and is good for 30 days after it was last seen.</summary>
public sealed class Logins
{
    private const int LongestAgent = 300;

    private const int MostOfAnAccount = 100;

    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>How often being seen is written down.</summary>
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(5);

    private readonly IDatabase database;
    private readonly Freshness freshness;
    private readonly PasswordSignIn passwords;
    private readonly TimeProvider clock;
    private readonly Memory<Holder> known;

    internal Logins(IDatabase database, Freshness freshness, PasswordSignIn passwords, TimeProvider clock)
    {
        (this.database, this.freshness, this.passwords, this.clock) = (database, freshness, passwords, clock);
        known = new Memory<Holder>(freshness, clock, Access.Stale, 10_000);
    }

    /// <summary>Signs a browser in. A stored token is no password here.</summary>
    /// <exception cref="RegistryException">UNAUTHORIZED; TOOMANYREQUESTS.</exception>
    public async ValueTask<NewLogin> SignIn(string name, string password, string address, string agent, CancellationToken cancel)
    {
        var account = await passwords.Check(name.Trim().ToLowerInvariant(), password, address, cancel);
        var cookie = Csrf.NewCookie();
        var now = clock.GetUtcNow().UtcDateTime;
        await database.Write(async session =>
        {
            await session.Execute("DELETE FROM login WHERE account = $1 AND (expires < $2 OR hash NOT IN (SELECT hash FROM login WHERE account = $1 ORDER BY seen DESC LIMIT $3))", account.Id, now.Ticks, MostOfAnAccount - 1L);
            await session.Execute(
                "INSERT INTO login (hash, account, created, seen, expires, address, agent) VALUES ($1, $2, $3, $3, $4, $5, $6)",
                TokenSecret.Hash(cookie), account.Id, now.Ticks, (now + Life).Ticks, address, agent.Length > LongestAgent ? agent[..LongestAgent] : agent);
            await AuditTrail.Add(session, account.Name, address, AuditAction.SignedIn, account.Name, "site");
            return "";
        }, cancel);
        return new NewLogin(cookie, account.Name, now + Life);
    }

    /// <summary>Whose browser it is; null for a cookie that signs nobody in.</summary>
    public async ValueTask<SignedIn?> Identify(string? cookie, string address, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(cookie) || cookie.Length > 100)
            return null;
        var hash = TokenSecret.Hash(cookie);
        var holder = await known.Get(hash, () => database.Read(
            session => session.First($"SELECT l.seen, l.expires, {AccountState.Columns} FROM login l JOIN account a ON a.id = l.account WHERE l.hash = $1", Map, hash), cancel));
        var now = clock.GetUtcNow().UtcDateTime;
        if (holder is null || holder.Expires <= now || holder.Account.Disabled)
            return null;
        if (now - holder.Seen > SeenEvery)
        {
            // The cookie's own end is the browser's to know; the row slides on as long as the browser comes back.
            await database.Write(
                session => session.Execute("UPDATE login SET seen = $1, expires = $2, address = $3 WHERE hash = $4", now.Ticks, (now + Life).Ticks, address, hash), cancel);
            known.Keep(hash, holder with { Seen = now, Expires = now + Life }, freshness.Now);
        }

        var account = holder.Account;
        return new SignedIn(new Caller(account.Id, account.Name, account.Admin, address) { Credential = Credential.Login }, IdOf(hash), Csrf.Token(cookie));
    }

    /// <summary>An account's browsers, the one that was seen last first.</summary>
    /// <exception cref="NaruException">Unauthenticated; PermissionDenied.</exception>
    public async ValueTask<List<Login>> List(Caller by, CancellationToken cancel)
    {
        Management.Require(by);
        return await database.Read(
            session => session.Query(
                "SELECT hash, created, seen, expires, address, agent FROM login WHERE account = $1 AND expires > $2 ORDER BY seen DESC",
                row => new Login(IdOf(row.Text(0)), row.Time(1), row.Time(2), row.Time(3), row.Text(4), row.Text(5)), by.Account ?? 0, clock.GetUtcNow().UtcTicks),
            cancel);
    }

    /// <summary>Signs one of the caller's browsers out.</summary>
    /// <exception cref="NaruException">NotFound.</exception>
    public async ValueTask Revoke(Caller by, string id, CancellationToken cancel)
    {
        Management.Require(by);
        await database.Write(async session =>
        {
            var found = await session.First("SELECT hash FROM login WHERE account = $1 AND SUBSTR(hash, 1, 16) = $2", row => row.Text(0), by.Account ?? 0, id)
                ?? throw new RefusedException(Refusal.NoSession, ErrorKind.NotFound, "no such session");
            await session.Execute("DELETE FROM login WHERE hash = $1", found);
            await AuditTrail.Add(session, by, AuditAction.SignedOut, by.Name ?? "", "");
            return found;
        }, cancel);
        freshness.Changed();
    }

    /// <summary>Signs all of the caller's browsers out but one; null keeps none.</summary>
    public async ValueTask RevokeOthers(Caller by, string? except, CancellationToken cancel)
    {
        Management.Require(by);
        await database.Write(async session =>
        {
            await session.Execute("DELETE FROM login WHERE account = $1 AND SUBSTR(hash, 1, 16) <> $2", by.Account ?? 0, except ?? "");
            await AuditTrail.Add(session, by, AuditAction.SignedOut, by.Name ?? "", "other browsers");
            return "";
        }, cancel);
        freshness.Changed();
    }

    /// <summary>Signs a browser out by its own cookie; one that signs nobody in is fine.</summary>
    public async ValueTask SignOut(string? cookie, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(cookie))
            return;
        await database.Write(session => session.Execute("DELETE FROM login WHERE hash = $1", TokenSecret.Hash(cookie)), cancel);
        freshness.Changed();
    }

    private static string IdOf(string hash) => hash[..16];

    private static Holder Map(IRow row) => new(row.Time(0), row.Time(1), AccountState.Map(row, 2));

    private sealed record Holder(DateTime Seen, DateTime Expires, AccountState Account);
}
