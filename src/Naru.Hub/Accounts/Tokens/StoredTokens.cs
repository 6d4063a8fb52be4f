using System.Collections.Concurrent;
using Naru.Base;
using Naru.Hub.Metadata;

namespace Naru.Hub.Accounts.Tokens;

/// <summary>Personal, robot and refresh tokens: making, listing, revoking and recognising them.</summary>
public sealed class StoredTokens
{
    private const int MostOfAnAccount = 200;

    private const int LongestName = 100;

    /// <summary>A client that never comes back leaves its refresh token; each use gives it this long again.</summary>
    private static readonly TimeSpan RefreshLife = TimeSpan.FromDays(90);

    private static readonly TimeSpan UseIsWritten = TimeSpan.FromMinutes(1);

    private readonly IDatabase database;
    private readonly Freshness freshness;
    private readonly TimeProvider clock;
    private readonly Memory<TokenHolder> seen;

    /// <summary>When each token's use was last written by this process; holds as many as are used within a minute.</summary>
    private readonly ConcurrentDictionary<long, DateTime> written = [];

    internal StoredTokens(IDatabase database, Freshness freshness, TimeProvider clock)
    {
        (this.database, this.freshness, this.clock) = (database, freshness, clock);
        seen = new Memory<TokenHolder>(freshness, clock, Access.Stale, 10_000);
    }

    /// <summary>Makes a personal or robot token. Its secret is in the answer and nowhere else.</summary>
    /// <param name="expires">UTC; null for never.</param>
    /// <exception cref="NaruException">NotFound; AlreadyExists: a robot of that name; InvalidArgument; PermissionDenied: a token makes no tokens, which would outgrow its scopes.</exception>
    public async ValueTask<NewToken> Create(Caller by, string account, TokenKind kind, string name, TokenScopes scopes, DateTime? expires, CancellationToken cancel)
    {
        Management.Require(by);
        if (by.Allowance is Allowance.Scoped)
            throw new NaruException(ErrorKind.PermissionDenied, "tokens are made after signing in with a password");
        Check(kind, name, scopes, expires);
        var made = await database.Write(async session =>
        {
            await session.Lock("accounts");
            var holder = await Management.Find(session, account);
            await Management.Require(session, by, holder.Id);
            await CheckHolder(session, by, holder, kind, name);
            var token = await Insert(session, holder.Id, kind, name, scopes.ToString(), expires);
            await AuditTrail.Add(session, by, AuditAction.TokenMade, account, $"{StoredToken.Word(kind)} {name}: {scopes}");
            return token;
        }, cancel);
        freshness.Changed();
        return made;
    }

    /// <summary>An account's tokens, newest first; the secrets are nowhere.</summary>
    /// <exception cref="NaruException">NotFound; PermissionDenied.</exception>
    public async ValueTask<List<StoredToken>> List(Caller by, string account, CancellationToken cancel) => await database.Read(async session =>
    {
        var holder = await Management.Find(session, account);
        await Management.Require(session, by, holder.Id);
        return await session.Query($"SELECT {StoredToken.Columns} FROM token t WHERE t.account = $1 ORDER BY t.id DESC", StoredToken.Map, holder.Id);
    }, cancel);

    /// <summary>Ends a token at once in this process, within <see cref="Access.Stale"/> in others.</summary>
    /// <exception cref="NaruException">NotFound, for somebody else's too.</exception>
    public async ValueTask Revoke(Caller by, long id, CancellationToken cancel)
    {
        Management.Require(by);
        await database.Write(async session =>
        {
            var holder = await session.First($"SELECT {StoredToken.Columns}, {AccountState.Columns} FROM token t JOIN account a ON a.id = t.account WHERE t.id = $1", MapHolder, id);
            if (holder is null || !(by.Admin || by.Account == holder.Account.Id || await Management.Role(session, holder.Account.Id, by.Account ?? 0) == MemberRole.Owner))
                throw new RefusedException(Refusal.NoToken, ErrorKind.NotFound, $"no such token: {id}");
            await session.Execute("DELETE FROM token WHERE id = $1", id);
            await AuditTrail.Add(session, by, AuditAction.TokenRevoked, holder.Account.Name, $"{StoredToken.Word(holder.Token.Kind)} {holder.Token.Name}");
            return holder;
        }, cancel);
        freshness.Changed();
    }

    /// <summary>A client's refresh token, after a password was right.</summary>
    internal async ValueTask<string> MakeRefresh(AccountState account, string client, CancellationToken cancel) => await database.Write(async session =>
    {
        // A client asks for another at each sign-in and forgets the one before; the oldest make room.
        await session.Execute(
            "DELETE FROM token WHERE account = $1 AND kind = 'refresh' AND id NOT IN (SELECT id FROM token WHERE account = $1 AND kind = 'refresh' ORDER BY id DESC LIMIT 49)", account.Id);
        return (await Insert(session, account.Id, TokenKind.Refresh, client.Length > LongestName ? client[..LongestName] : client, "", clock.GetUtcNow().UtcDateTime + RefreshLife)).Secret;
    }, cancel);

    /// <summary>The token that a secret is of, with its account; null when there is none, or no longer.</summary>
    internal async ValueTask<TokenHolder?> Recognise(string secret, CancellationToken cancel)
    {
        var hash = TokenSecret.Hash(secret);
        var holder = await Look(hash, "t.hash = $1", hash, cancel);
        if (holder is not null)
            await Used(holder.Token, cancel);
        return holder;
    }

    /// <summary>A token by its number, while it is good: what a signed token that was got by it depends on.</summary>
    internal ValueTask<TokenHolder?> Get(long id, CancellationToken cancel) => Look($"#{id}", "t.id = $1", id, cancel);

    private async ValueTask<TokenHolder?> Look(string key, string condition, object value, CancellationToken cancel)
    {
        var holder = await seen.Get(key, () => database.Read(
            session => session.First($"SELECT {StoredToken.Columns}, {AccountState.Columns} FROM token t JOIN account a ON a.id = t.account WHERE {condition}", MapHolder, value), cancel));
        return holder is null || holder.Token.Expires <= clock.GetUtcNow().UtcDateTime || holder.Account.Disabled ? null : holder;
    }

    private async ValueTask Used(StoredToken token, CancellationToken cancel)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (token.Used > now - UseIsWritten || (written.TryGetValue(token.Id, out var last) && last > now - UseIsWritten))
            return;
        if (written.Count > 10_000)
            written.Clear();
        written[token.Id] = now;
        var expires = token.Kind == TokenKind.Refresh ? (now + RefreshLife).Ticks : token.Expires?.Ticks;
        await database.Write(session => session.Execute("UPDATE token SET used = $1, expires = $2 WHERE id = $3", now.Ticks, expires, token.Id), cancel);
    }

    private void Check(TokenKind kind, string name, TokenScopes scopes, DateTime? expires)
    {
        if (kind == TokenKind.Refresh)
            throw new NaruException(ErrorKind.InvalidArgument, "a refresh token is got from /token");
        if (kind == TokenKind.Robot)
            AccountNames.CheckPart("robot", name);
        if (kind == TokenKind.Robot && scopes.Account)
            throw new NaruException(ErrorKind.InvalidArgument, "a robot is for repositories: the scope account is not for it");
        if (AccountTexts.Check("token's name", name, LongestName).Trim().Length == 0)
            throw new RefusedException(Refusal.TokenName, ErrorKind.InvalidArgument, "a token needs a name, which says what it is for");
        if (expires <= clock.GetUtcNow().UtcDateTime)
            throw new RefusedException(Refusal.TokenExpired, ErrorKind.InvalidArgument, "the token would have expired already");
    }

    private static async ValueTask CheckHolder(ISession session, Caller by, Account holder, TokenKind kind, string name)
    {
        if (kind == TokenKind.Personal && holder.Organisation)
            throw new NaruException(ErrorKind.InvalidArgument, $"{holder.Name} is an organisation: make a robot token");

        // An administrator's site is no way to become somebody else.
        if (kind == TokenKind.Personal && by.Account != holder.Id && by.Credential != Credential.Machine)
            throw new NaruException(ErrorKind.PermissionDenied, "a personal token is made by its user");
        if (await session.Number("SELECT COUNT(*) FROM token WHERE account = $1 AND kind <> 'refresh'", holder.Id) >= MostOfAnAccount)
            throw new RefusedException(Refusal.TokensMany, ErrorKind.FailedPrecondition, $"{holder.Name} has {MostOfAnAccount} tokens: revoke some first", $"{MostOfAnAccount}");
        if (kind == TokenKind.Robot && await session.Number("SELECT id FROM token WHERE account = $1 AND kind = 'robot' AND name = $2", holder.Id, name) is not null)
            throw new RefusedException(Refusal.RobotTaken, ErrorKind.AlreadyExists, $"{holder.Name} has a robot {name} already", name);
    }

    private async ValueTask<NewToken> Insert(ISession session, long account, TokenKind kind, string name, string scopes, DateTime? expires)
    {
        var secret = TokenSecret.Make(TokenSecret.PrefixOf(kind));
        var hash = TokenSecret.Hash(secret);
        await session.Execute(
            "INSERT INTO token (account, kind, name, hash, scopes, created, expires) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            account, StoredToken.Word(kind), name, hash, scopes, clock.GetUtcNow().UtcTicks, expires?.Ticks);
        return new NewToken(secret, (await session.First($"SELECT {StoredToken.Columns} FROM token t WHERE t.hash = $1", StoredToken.Map, hash))!);
    }

    private static TokenHolder MapHolder(IRow row) => new(StoredToken.Map(row), AccountState.Map(row, 8));
}
