using System.Security.Cryptography;
using System.Text;
using Naru.Hub.Accounts.Limits;
using Naru.Hub.Accounts.Passwords;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;

namespace Naru.Hub.Accounts;

/// <summary>Names and passwords: whether they belong together.</summary>
internal sealed class PasswordSignIn(IDatabase database, AccountStates states, PasswordHash passwords, FailedSignIns failures, Freshness freshness, TimeProvider clock)
{
    /// <summary>A password that was right is believed this long without the tenth of a second that it costs; its account's state is looked at each time.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromMinutes(2);

    /// <summary>What is remembered of a password is worth nothing outside of this process.</summary>
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);

    private readonly Memory<AccountState> right = new(freshness, clock, Believed, 1000);

    /// <summary>The account whose name and password these are. The same answer after the same work for a wrong password and an unknown name.</summary>
    /// <exception cref="RegistryException">UNAUTHORIZED, also where all is right but the account is disabled; TOOMANYREQUESTS.</exception>
    public async ValueTask<AccountState> Check(string name, string password, string address, CancellationToken cancel)
    {
        var key = Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{name}\0{password}")));
        if (right.Recall(key) is { } known && await states.Get(known.Id, cancel) is { Disabled: false } now && now.Version == known.Version)
            return now;
        await failures.Check(name, address, cancel);
        var before = freshness.Now;

        // A zero byte is in nobody's name, and not every database takes one.
        var sought = name.Contains('\0') ? "" : name;
        var stored = await database.Read(
            session => session.First($"SELECT {AccountState.Columns}, a.password FROM account a WHERE a.name = $1", row => new Stored(AccountState.Map(row, 0), row.TextOrNull(5)), sought), cancel);
        if (!await passwords.Verify(stored?.Password, password, cancel))
        {
            await database.Write(async session =>
            {
                await failures.Failed(session, name, address);
                await AuditTrail.Add(session, "", address, AuditAction.SignInFailed, stored is null ? "" : name, stored is null ? "unknown name" : "wrong password");
                return "";
            }, cancel);
            throw new RegistryException(RegistryErrorCode.Unauthorized, "incorrect username or password");
        }

        var failed = await failures.Check(name, address, cancel);
        var account = stored!.Account;
        if (account.Disabled)
            throw new RegistryException(RegistryErrorCode.Unauthorized, "the account is disabled");
        if (failed)
            await failures.Forget(name, address, cancel);
        if (passwords.IsWeak(stored.Password!))
            await Strengthen(stored, password, cancel);
        right.Keep(key, account, before);
        return account;
    }

    /// <summary>Keeps the password the way that new ones are kept; nothing else about the account changes.</summary>
    private async ValueTask Strengthen(Stored stored, string password, CancellationToken cancel)
    {
        var text = await passwords.Make(password, cancel);
        await database.Write(session => session.Execute("UPDATE account SET password = $1 WHERE id = $2 AND password = $3", text, stored.Account.Id, stored.Password), cancel);
    }

    private sealed record Stored(AccountState Account, string? Password);
}
