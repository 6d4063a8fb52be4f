using System.Text;
using Naru.Hub.Accounts.Signing;
using Naru.Hub.Accounts.Tokens;
using Naru.Hub.Registry;

namespace Naru.Hub.Accounts;

/// <summary>Who sent a request, by its Authorization header: a name with a password or a stored token (basic), or a signed or stored token (bearer).</summary>
/// <remarks>Whatever was checked before, the account's state is held against it at each request: another password, a revoked token or a disabled account ends everything within <see cref="Access.Stale"/>.</remarks>
public sealed class Authentication
{
    private readonly bool open;
    private readonly PasswordSignIn passwords;
    private readonly StoredTokens tokens;
    private readonly SignedTokens signed;
    private readonly AccountStates states;

    internal Authentication(bool open, PasswordSignIn passwords, StoredTokens tokens, SignedTokens signed, AccountStates states) =>
        (this.open, this.passwords, this.tokens, this.signed, this.states) = (open, passwords, tokens, signed, states);

    /// <summary>Who it is; nobody in particular without a header, and always where there are no accounts.</summary>
    /// <param name="service">The registry's name as the client knows it: <see cref="Challenge.Service"/>.</param>
    /// <exception cref="RegistryException">UNAUTHORIZED: what was sent is wrong, or not good any more; TOOMANYREQUESTS.</exception>
    public async ValueTask<Caller> Identify(string? authorization, string address, string service, CancellationToken cancel)
    {
        if (open || string.IsNullOrEmpty(authorization))
            return Caller.Anonymous(address);
        var space = authorization.IndexOf(' ');
        var scheme = space < 0 ? authorization : authorization[..space];
        var value = space < 0 ? "" : authorization[(space + 1)..].Trim();
        if (scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            return TokenSecret.IsToken(value) ? await ByToken(null, value, address, cancel) : await BySigned(value, address, service, cancel);
        if (scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) && Basic(value) is { } pair)
            return await ByPassword(pair.Key, pair.Value, address, cancel);
        throw new RegistryException(RegistryErrorCode.Unauthorized, "the Authorization header is neither basic nor bearer");
    }

    /// <summary>A name with its password, or with a stored token in its place.</summary>
    /// <exception cref="RegistryException">As <see cref="Identify"/>.</exception>
    public async ValueTask<Caller> ByPassword(string name, string password, string address, CancellationToken cancel)
    {
        name = name.ToLowerInvariant();
        if (TokenSecret.IsToken(password))
            return await ByToken(name, password, address, cancel);
        var account = await passwords.Check(name, password, address, cancel);
        return new Caller(account.Id, account.Name, account.Admin, address) { Credential = Credential.Password };
    }

    /// <summary>A refresh token's account.</summary>
    /// <exception cref="RegistryException">UNAUTHORIZED.</exception>
    internal async ValueTask<Caller> ByRefresh(string secret, string address, CancellationToken cancel) =>
        await tokens.Recognise(secret, cancel) is { Token.Kind: TokenKind.Refresh } holder
            ? new Caller(holder.Account.Id, holder.Account.Name, holder.Account.Admin, address) { Credential = Credential.Token, Token = holder.Token.Id }
            : throw Refused("invalid refresh token");

    private async ValueTask<Caller> ByToken(string? name, string secret, string address, CancellationToken cancel)
    {
        if (await tokens.Recognise(secret, cancel) is not { Token: { Kind: not TokenKind.Refresh, Scopes: { } scopes } } holder || (name is not null && name != holder.SignInName))
            throw name is null ? Refused("invalid token") : new RegistryException(RegistryErrorCode.Unauthorized, "incorrect username or password");
        return Holding(holder, address, new Allowance.Scoped(scopes)) with { Credential = Credential.Token };
    }

    private async ValueTask<Caller> BySigned(string text, string address, string service, CancellationToken cancel)
    {
        if (await signed.Verify(service, text, cancel) is not { } claims)
            throw Refused("invalid token");
        var allowance = new Allowance.Listed(claims.Access);
        if (claims.Account is not { } id)
            return Caller.Anonymous(address) with { Credential = Credential.Bearer, Allowance = allowance };
        if (await states.Get(id, cancel) is not { Disabled: false } account || account.Version != claims.Version)
            throw Refused("the token is no longer valid");
        if (claims.Token is not { } stored)
            return new Caller(account.Id, account.Name, account.Admin, address) { Credential = Credential.Bearer, Allowance = allowance };
        return await tokens.Get(stored, cancel) is { } holder ? Holding(holder, address, allowance) with { Credential = Credential.Bearer } : throw Refused("the token is no longer valid");
    }

    private static Caller Holding(TokenHolder holder, string address, Allowance allowance) =>
        new(holder.Account.Id, holder.SignInName, holder.Account.Admin, address) { Allowance = allowance, Token = holder.Token.Id };

    private static RegistryException Refused(string message) => new(RegistryErrorCode.Unauthorized, message) { TokenError = "invalid_token" };

    /// <summary>RFC 7617: the name ends at the first colon.</summary>
    private static KeyValuePair<string, string>? Basic(string value)
    {
        try
        {
            var text = Encoding.UTF8.GetString(Convert.FromBase64String(value));
            var colon = text.IndexOf(':');
            return colon < 0 ? null : KeyValuePair.Create(text[..colon], text[(colon + 1)..]);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
