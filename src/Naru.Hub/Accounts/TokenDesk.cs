using Naru.Hub.Accounts.Signing;
using Naru.Hub.Accounts.Tokens;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;

namespace Naru.Hub.Accounts;

/// <summary>Gives signed tokens: what was asked for, as far as the caller may.</summary>
public sealed class TokenDesk
{
    private const int MostScopes = 100;

    private readonly IDatabase database;
    private readonly Access access;
    private readonly Authentication authentication;
    private readonly StoredTokens stored;
    private readonly SignedTokens signed;
    private readonly AccountStates states;
    private readonly SigningKeys keys;
    private readonly TimeProvider clock;

    internal TokenDesk(IDatabase database, Access access, Authentication authentication, StoredTokens stored, SignedTokens signed, AccountStates states, SigningKeys keys, TimeProvider clock)
    {
        (this.database, this.access, this.authentication, this.stored) = (database, access, authentication, stored);
        (this.signed, this.states, this.keys, this.clock) = (signed, states, keys, clock);
    }

    /// <summary>A token for <paramref name="caller"/>.</summary>
    /// <param name="service">The registry's name.</param>
    /// <param name="scopes">As they came: each may hold several between spaces. What is not known or not allowed is left out of the token, which is no error.</param>
    /// <param name="refresh">The name of the client that wants a refresh token; null for none.</param>
    /// <exception cref="RegistryException">UNSUPPORTED: too many scopes; UNAUTHORIZED: the account is gone.</exception>
    public async ValueTask<TokenAnswer> Issue(Caller caller, string service, IReadOnlyList<string> scopes, string? refresh, CancellationToken cancel)
    {
        var granted = new List<ScopeAccess>();
        foreach (var scope in Parse(scopes))
        {
            var actions = await Granted(caller, scope, cancel);
            if (actions.Count > 0)
                granted.Add(scope with { Actions = actions });
        }

        var account = caller.Account is { } id ? await states.Get(id, cancel) ?? throw new RegistryException(RegistryErrorCode.Unauthorized, "the account is gone") : null;
        var issued = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        var text = await signed.Issue(service, new Claims(caller.Name ?? "", caller.Account, account?.Version ?? 0, caller.Token, granted) { Issued = issued, Expires = issued + SignedTokens.Life }, cancel);
        var kept = refresh is not null && account is not null && caller.Credential == Credential.Password ? await Refresh(caller, account, refresh, cancel) : null;
        return new TokenAnswer(text, (int)SignedTokens.Life.TotalSeconds, issued, kept, string.Join(' ', granted));
    }

    /// <inheritdoc cref="Authentication.ByRefresh"/>
    public ValueTask<Caller> ByRefresh(string secret, string address, CancellationToken cancel) => authentication.ByRefresh(secret, address, cancel);

    /// <inheritdoc cref="SigningKeys.Rotate"/>
    public ValueTask RotateKeys(Caller by, bool forget, CancellationToken cancel) => keys.Rotate(by, forget, cancel);

    private static List<ScopeAccess> Parse(IReadOnlyList<string> scopes)
    {
        var all = new List<ScopeAccess>();
        foreach (var text in scopes)
        {
            foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (all.Count == MostScopes)
                    throw new RegistryException(RegistryErrorCode.Unsupported, $"a token lists at most {MostScopes} scopes", status: 400);
                if (ScopeAccess.TryParse(word) is { } scope)
                    all.Add(scope);
            }
        }

        return all;
    }

    private async ValueTask<List<string>> Granted(Caller caller, ScopeAccess scope, CancellationToken cancel)
    {
        var actions = new List<string>();
        if (scope is { Type: ScopeAccess.Registry, Name: "catalog" })
        {
            // The list holds what its reader may see, and no more.
            if (scope.Has("*"))
                actions.Add("*");
            return actions;
        }

        if (scope.Type != ScopeAccess.Repository)
            return actions;
        var allowed = await access.Allowed(caller, scope.Name, cancel);
        if (scope.Has("*") && allowed.Contains(RepositoryAction.Administer))
        {
            actions.Add("*");
            return actions;
        }

        foreach (var action in allowed)
        {
            if (action != RepositoryAction.Administer && (scope.Has("*") || scope.Has(ScopeAccess.Word(action))))
                actions.Add(ScopeAccess.Word(action));
        }

        return actions;
    }

    private async ValueTask<string> Refresh(Caller caller, AccountState account, string client, CancellationToken cancel)
    {
        var secret = await stored.MakeRefresh(account, client, cancel);
        await database.Write(async session =>
        {
            await AuditTrail.Add(session, caller, AuditAction.SignedIn, account.Name, client);
            return "";
        }, cancel);
        return secret;
    }
}
