using Naru.Base;
using Naru.Hub.Accounts.Limits;
using Naru.Hub.Accounts.Passwords;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;

namespace Naru.Hub.Accounts;

/// <summary>Those who sign in: making them, their passwords, what administrators decide about them.</summary>
public sealed class Users
{
    /// <summary>The setting that lets people make accounts for themselves: <c>open</c> or <c>closed</c>.</summary>
    private const string SignUpSetting = "sign-up";

    /// <summary>Accounts that one address may make for itself in an hour.</summary>
    private const int MostSignUps = 10;

    private readonly IDatabase database;
    private readonly Freshness freshness;
    private readonly PasswordHash passwords;
    private readonly FailedSignIns failures;
    private readonly SlidingWindow signUps;

    internal Users(IDatabase database, Freshness freshness, PasswordHash passwords, FailedSignIns failures, TimeProvider clock)
    {
        (this.database, this.freshness, this.passwords, this.failures) = (database, freshness, passwords, failures);
        signUps = new SlidingWindow(TimeSpan.FromHours(1), clock);
    }

    /// <summary>Makes a user; <paramref name="password"/> null is one that only tokens sign in as.</summary>
    /// <exception cref="NaruException">PermissionDenied: administrators only; AlreadyExists; InvalidArgument.</exception>
    public async ValueTask<Account> Create(Caller by, NewAccount user, string? password, CancellationToken cancel)
    {
        Management.RequireAdmin(by);
        return await Add(by, user, password, cancel);
    }

    /// <summary>Makes a user for whoever asks, while that is switched on.</summary>
    /// <exception cref="NaruException">PermissionDenied: sign-up is closed; AlreadyExists; InvalidArgument.</exception>
    /// <exception cref="RegistryException">TOOMANYREQUESTS.</exception>
    public async ValueTask<Account> SignUp(string address, NewAccount user, string password, CancellationToken cancel)
    {
        if (!await IsSignUpOpen(cancel))
            throw new RefusedException(Refusal.SignUpClosed, ErrorKind.PermissionDenied, "sign-up is closed: ask an administrator for an account");
        await CountSignUp($"sign-up {AddressKey.Of(address)}", cancel);
        return await Add(Caller.Anonymous(address) with { Name = user.Name }, user with { Admin = false }, password, cancel);
    }

    public async ValueTask<bool> IsSignUpOpen(CancellationToken cancel) =>
        await database.Read(session => Settings.Get(session, SignUpSetting), cancel) == "open";

    /// <exception cref="NaruException">PermissionDenied: administrators only.</exception>
    public async ValueTask SetSignUp(Caller by, bool open, CancellationToken cancel)
    {
        Management.RequireAdmin(by);
        await database.Write(async session =>
        {
            await Settings.Set(session, SignUpSetting, open ? "open" : "closed");
            await AuditTrail.Add(session, by, AuditAction.SettingChanged, SignUpSetting, open ? "open" : "closed");
            return "";
        }, cancel);
    }

    /// <summary>Gives a user another password, and ends all that the old one began: browsers that are signed in, refresh tokens, signed tokens.</summary>
    /// <param name="old">What it was; null where an administrator sets somebody's.</param>
    /// <exception cref="NaruException">NotFound; PermissionDenied: the old one is wrong, or missing; InvalidArgument.</exception>
    public async ValueTask SetPassword(Caller by, string name, string? old, string password, CancellationToken cancel)
    {
        var (user, stored) = await database.Read(async session =>
        {
            var found = await Management.FindUser(session, name);
            await Management.Require(session, by, found.Id);
            return Tuple.Create(found, await session.First("SELECT password FROM account WHERE id = $1", row => row.TextOrNull(0) ?? "", found.Id));
        }, cancel);
        if (old is null && (!by.Admin || by.Account == user.Id))
            throw new RefusedException(Refusal.CurrentPassword, ErrorKind.PermissionDenied, "the current password is needed");
        if (old is not null)
            await RequirePassword(by, name, stored, old, cancel);
        PasswordRules.Check(name, password);
        var text = await passwords.Make(password, cancel);
        await database.Write(async session =>
        {
            await session.Execute("UPDATE account SET password = $1, version = version + 1 WHERE id = $2", text, user.Id);
            await EndSessions(session, user.Id);
            await AuditTrail.Add(session, by, AuditAction.PasswordChanged, name, "");
            return user;
        }, cancel);
        freshness.Changed();
    }

    /// <summary>Lets nobody in as this user any more, or lets them in again. Repositories stay where they are.</summary>
    /// <exception cref="NaruException">NotFound; PermissionDenied: administrators only; FailedPrecondition: nobody would be left to administer.</exception>
    public async ValueTask SetDisabled(Caller by, string name, bool disabled, CancellationToken cancel) => await Decide(by, name, async (session, user) =>
    {
        if (disabled)
            await RequireOtherAdmin(session, by, user);
        await session.Execute("UPDATE account SET disabled = $1, version = version + 1 WHERE id = $2", disabled ? 1L : 0L, user.Id);
        if (disabled)
            await EndSessions(session, user.Id);
        await AuditTrail.Add(session, by, disabled ? AuditAction.AccountDisabled : AuditAction.AccountEnabled, name, "");
    }, cancel);

    /// <exception cref="NaruException">NotFound; PermissionDenied: administrators only; FailedPrecondition: nobody would be left to administer.</exception>
    public async ValueTask SetAdmin(Caller by, string name, bool admin, CancellationToken cancel) => await Decide(by, name, async (session, user) =>
    {
        if (!admin)
            await RequireOtherAdmin(session, by, user);
        await session.Execute("UPDATE account SET admin = $1 WHERE id = $2", admin ? 1L : 0L, user.Id);
        await AuditTrail.Add(session, by, AuditAction.AccountChanged, name, admin ? "administrator" : "no administrator");
    }, cancel);

    /// <summary>The last administrator cannot be taken away from the site; on the machine itself it can.</summary>
    internal static async ValueTask RequireOtherAdmin(ISession session, Caller by, Account user)
    {
        if (user is { Admin: true, Disabled: false } && by.Credential != Credential.Machine
            && await session.Number("SELECT COUNT(*) FROM account WHERE admin = 1 AND disabled = 0 AND id <> $1", user.Id) is null or 0)
            throw new RefusedException(Refusal.OnlyAdministrator, ErrorKind.FailedPrecondition, $"{user.Name} is the only administrator", user.Name);
    }

    private static async ValueTask EndSessions(ISession session, long account)
    {
        await session.Execute("DELETE FROM login WHERE account = $1", account);
        await session.Execute("DELETE FROM token WHERE account = $1 AND kind = 'refresh'", account);
    }

    /// <exception cref="RegistryException">TOOMANYREQUESTS.</exception>
    private async ValueTask CountSignUp(string name, CancellationToken cancel) => await database.Write(async session =>
    {
        // Counted first, and not at all when this throws: who counts the same waits.
        await Tally.Add(session, name, signUps, 1);
        var tally = await Tally.Read(session, name, signUps);
        if (signUps.Count(tally.Current, tally.Before) > MostSignUps)
        {
            throw new RegistryException(RegistryErrorCode.TooManyRequests, "too many accounts were made from here: try again later")
            {
                RetryAfter = signUps.Wait(tally.Current - 1, tally.Before, MostSignUps),
            };
        }

        return tally;
    }, cancel);

    /// <summary>A browser that somebody left signed in is no way to guess the password either.</summary>
    private async ValueTask RequirePassword(Caller by, string name, string? stored, string password, CancellationToken cancel)
    {
        await failures.Check(name, by.Address, cancel);
        if (await passwords.Verify(stored, password, cancel))
        {
            await failures.Check(name, by.Address, cancel);
            return;
        }

        await database.Write(async session =>
        {
            await failures.Failed(session, name, by.Address);
            return "";
        }, cancel);
        throw new RefusedException(Refusal.CurrentPassword, ErrorKind.PermissionDenied, "the current password is not right");
    }

    private async ValueTask<Account> Add(Caller by, NewAccount user, string? password, CancellationToken cancel)
    {
        AccountNames.Check(user.Name);
        AccountTexts.CheckFullName(user.FullName);
        AccountTexts.CheckEmail(user.Email);
        if (password is not null)
            PasswordRules.Check(user.Name, password);
        var text = password is null ? null : await passwords.Make(password, cancel);
        return await database.Write(async session =>
        {
            var made = await Management.Insert(session, user, text, organisation: false);
            await AuditTrail.Add(session, by, AuditAction.AccountMade, user.Name, user.Admin ? "administrator" : "user");
            return made;
        }, cancel);
    }

    private async ValueTask Decide(Caller by, string name, Func<ISession, Account, ValueTask> change, CancellationToken cancel)
    {
        Management.RequireAdmin(by);
        await database.Write(async session =>
        {
            await session.Lock("accounts");
            var user = await Management.FindUser(session, name);
            await change(session, user);
            return user;
        }, cancel);
        freshness.Changed();
    }
}
