using Naru.Hub.Accounts.Tokens;

namespace Naru.Hub.Accounts;

/// <summary>What a credential may be used for. It only ever takes away from what the account may do.</summary>
public abstract record Allowance
{
    /// <summary>A password, a signed-in browser, the machine itself: all that the account may do.</summary>
    public static Allowance Everything { get; } = new Whole();

    /// <summary>May be used for accounts, tokens, teams.</summary>
    public abstract bool Account { get; }

    public abstract bool Allows(string repository, RepositoryAction action);

    private sealed record Whole : Allowance
    {
        public override bool Account => true;

        public override bool Allows(string repository, RepositoryAction action) => true;
    }

    /// <summary>A stored token with scopes.</summary>
    public sealed record Scoped(TokenScopes Scopes) : Allowance
    {
        public override bool Account => Scopes.Account;

        public override bool Allows(string repository, RepositoryAction action) => Scopes.Allows(repository, action);
    }

    /// <summary>A signed token, which lists what it is for.</summary>
    public sealed record Listed(IReadOnlyList<ScopeAccess> Access) : Allowance
    {
        public override bool Account => false;

        public override bool Allows(string repository, RepositoryAction action)
        {
            foreach (var entry in Access)
            {
                if (entry.Type == ScopeAccess.Repository && entry.Name == repository && entry.Allows(action))
                    return true;
            }

            return false;
        }
    }
}
