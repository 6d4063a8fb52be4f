using Naru.Hub.Registry;

namespace Naru.Hub.Accounts.Limits;

/// <summary>Wrong passwords, counted: whoever guesses has to wait. Each process counts its own.</summary>
/// <remarks>An account is locked for all addresses only after many more than for one, so that nobody is kept out by somebody else's guesses cheaply. Stored tokens cannot be guessed and are not held up.</remarks>
internal sealed class FailedSignIns(TimeProvider clock)
{
    private const int OfAnAccountFromAnAddress = 10;

    private const int OfAnAccount = 100;

    private const int FromAnAddress = 60;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private readonly SlidingCount both = new(Window, 20_000, clock);
    private readonly SlidingCount accounts = new(Window, 20_000, clock);
    private readonly SlidingCount addresses = new(Window, 20_000, clock);

    /// <summary>Before a password is looked at, whether the account exists or not.</summary>
    /// <exception cref="RegistryException">TOOMANYREQUESTS.</exception>
    public void Check(string account, string address)
    {
        var from = AddressKey.Of(address);
        var wait = Longest(both.Wait($"{account} {from}", OfAnAccountFromAnAddress), Longest(accounts.Wait(account, OfAnAccount), addresses.Wait(from, FromAnAddress)));
        if (wait > TimeSpan.Zero)
            throw new RegistryException(RegistryErrorCode.TooManyRequests, "too many failed sign-ins: try again later") { RetryAfter = wait };
    }

    public void Failed(string account, string address)
    {
        var from = AddressKey.Of(address);
        both.TryAdd($"{account} {from}", OfAnAccountFromAnAddress);
        accounts.TryAdd(account, OfAnAccount);
        addresses.TryAdd(from, FromAnAddress);
    }

    /// <summary>The right password: earlier slips of the finger are forgotten.</summary>
    public void Succeeded(string account, string address) => both.Clear($"{account} {AddressKey.Of(address)}");

    private static TimeSpan Longest(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
