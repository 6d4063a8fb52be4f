using Naru.Hub.Accounts.Browsers;
using Naru.Hub.Accounts.Limits;
using Naru.Hub.Accounts.Passwords;
using Naru.Hub.Accounts.Signing;
using Naru.Hub.Accounts.Tokens;
using Naru.Hub.Metadata;
using Naru.Hub.Mirrors;

namespace Naru.Hub.Accounts;

/// <summary>All that has to do with accounts, joined: they share what they remember, so that a change through one is seen by all.</summary>
public sealed class AccountRooms
{
    private readonly IDatabase database;
    private readonly AccountOptions options;
    private readonly TimeProvider clock;

    public AccountRooms(IDatabase database, AccountOptions options, MirrorList? mirrors = null, TimeProvider? time = null)
    {
        (this.database, this.options, clock) = (database, options, time ?? TimeProvider.System);
        var freshness = new Freshness();
        var hash = new PasswordHash(options.PasswordRounds);
        var states = new AccountStates(database, freshness, clock);
        var failures = new FailedSignIns(database, clock);
        var passwords = new PasswordSignIn(database, states, hash, failures, freshness, clock);
        var keys = new SigningKeys(database, clock);
        var signed = new SignedTokens(keys, clock);
        Access = new Access(database, options.Open, freshness, clock, mirrors);
        Directory = new AccountDirectory(database, freshness);
        Users = new Users(database, freshness, hash, failures, clock);
        Organisations = new Organisations(database, freshness);
        Teams = new Teams(database, freshness);
        Collaborators = new Collaborators(database, Access);
        Tokens = new StoredTokens(database, freshness, clock);
        Logins = new Logins(database, freshness, passwords, clock);
        Authentication = new Authentication(options.Open, passwords, Tokens, signed, states);
        Desk = new TokenDesk(database, Access, Authentication, Tokens, signed, states, keys, clock);
        Pulls = new PullLimits(database, options.PullsOfNobody, options.PullsOfUser, new SlidingWindow(options.PullWindow, clock), clock);
        Quotas = new Quotas(database, options.Quota, options.OpenUploads);
        Audit = new AuditTrail(database);
    }

    public Access Access { get; }

    public AccountDirectory Directory { get; }

    public Users Users { get; }

    public Organisations Organisations { get; }

    public Teams Teams { get; }

    public Collaborators Collaborators { get; }

    public StoredTokens Tokens { get; }

    public Logins Logins { get; }

    public Authentication Authentication { get; }

    public TokenDesk Desk { get; }

    public PullLimits Pulls { get; }

    public Quotas Quotas { get; }

    public AuditTrail Audit { get; }

    /// <summary>Removes what is over: browsers and tokens that expired, counts that are out of their window, the oldest of the audit trail. To be called now and then.</summary>
    public async ValueTask Tidy(CancellationToken cancel)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        await database.Write(async session =>
        {
            await session.Execute("DELETE FROM login WHERE expires < $1", now.Ticks);

            // Personal tokens stay for a while, so that their owner sees why they stopped.
            await session.Execute("DELETE FROM token WHERE expires < $1", (now - TimeSpan.FromDays(30)).Ticks);
            await Tally.Trim(session, now);
            return "";
        }, cancel);
        await Audit.Trim(now - options.AuditKept, cancel);
    }
}
