using System.Security.Cryptography;
using System.Text;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;

namespace Naru.Hub.Accounts.Limits;

/// <summary>Wrong passwords, counted for all processes together: whoever guesses has to wait.</summary>
/// <remarks>
/// An account is locked for all addresses only after many more than for one, so that nobody is kept out by somebody else's guesses cheaply. Stored tokens cannot be
/// guessed and are not held up. Each failure is written when it happens, with its entry in the audit trail: beside the work of a password that is nothing.
/// </remarks>
internal sealed class FailedSignIns(IDatabase database, TimeProvider clock)
{
    private const int OfAnAccountFromAnAddress = 10;

    private const int OfAnAccount = 100;

    private const int FromAnAddress = 60;

    private readonly SlidingWindow window = new(TimeSpan.FromMinutes(15), clock);

    /// <summary>Before a password is looked at, whether the account exists or not, and again before anybody is told that it was right: many guesses at once are no more than one after the other.</summary>
    /// <returns>Whether this account failed from this address.</returns>
    /// <exception cref="RegistryException">TOOMANYREQUESTS.</exception>
    public async ValueTask<bool> Check(string account, string address, CancellationToken cancel)
    {
        var from = AddressKey.Of(address);
        return await database.Read(async session =>
        {
            await Require(session, account, from, 0);
            return await Tally.Read(session, Both(account, from), window) is not { Current: 0, Before: 0 };
        }, cancel);
    }

    /// <summary>After a wrong one.</summary>
    /// <exception cref="RegistryException">TOOMANYREQUESTS: others failed meanwhile; this one is not counted.</exception>
    public async ValueTask Failed(ISession session, string account, string address)
    {
        // In this order always: no two wait for each other.
        var from = AddressKey.Of(address);
        await Tally.Add(session, Both(account, from), window, 1);
        await Tally.Add(session, OfAccount(account), window, 1);
        await Tally.Add(session, OfAddress(from), window, 1);
        await Require(session, account, from, 1);
    }

    /// <summary>The right password: earlier slips of the finger are forgotten.</summary>
    public async ValueTask Forget(string account, string address, CancellationToken cancel) => await database.Write(async session =>
    {
        await Tally.Clear(session, Both(account, AddressKey.Of(address)));
        return "";
    }, cancel);

    private static string Both(string account, string from) => Name($"both {account} {from}");

    private static string OfAccount(string account) => Name($"account {account}");

    private static string OfAddress(string from) => Name($"address {from}");

    /// <summary>What somebody typed may be of any length and have any character in it: its hash stands for it.</summary>
    private static string Name(string what) => $"sign-in {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)))}";

    /// <param name="own">How many of those that are counted are the caller's.</param>
    private async ValueTask Require(ISession session, string account, string from, long own)
    {
        var wait = await Wait(session, Both(account, from), OfAnAccountFromAnAddress, own);
        wait = Longest(wait, await Wait(session, OfAccount(account), OfAnAccount, own));
        wait = Longest(wait, await Wait(session, OfAddress(from), FromAnAddress, own));
        if (wait > TimeSpan.Zero)
            throw new RegistryException(RegistryErrorCode.TooManyRequests, "too many failed sign-ins: try again later") { RetryAfter = wait };
    }

    private async ValueTask<TimeSpan> Wait(ISession session, string name, int limit, long own)
    {
        var tally = await Tally.Read(session, name, window);
        return window.Wait(tally.Current - own, tally.Before, limit);
    }

    private static TimeSpan Longest(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
