namespace Naru.Hub.Accounts.Tokens;

/// <summary>One thing and what may be done to it, as scopes ask for it and signed tokens list it: <c>repository:a/b:pull,push</c>.</summary>
/// <remarks>distribution's "Token Scope Documentation". A type may carry a class, <c>repository(plugin)</c>, which means nothing here.</remarks>
public sealed record ScopeAccess(string Type, string Name, IReadOnlyList<string> Actions)
{
    public const string Repository = "repository";

    public const string Registry = "registry";

    public bool Has(string action)
    {
        foreach (var one in Actions)
        {
            if (one == action)
                return true;
        }

        return false;
    }

    public bool Allows(RepositoryAction action) => Has("*") || Has(Word(action));

    /// <summary>The word that stands for an action; to administer is in <c>*</c> only.</summary>
    public static string Word(RepositoryAction action) => action switch
    {
        RepositoryAction.Pull => "pull",
        RepositoryAction.Push => "push",
        RepositoryAction.Delete => "delete",
        _ => "*",
    };

    /// <summary>What a challenge asks for, so that one token does: a push needs to pull as well.</summary>
    public static string For(string repository, RepositoryAction action) => $"{Repository}:{repository}:" + action switch
    {
        RepositoryAction.Pull => "pull",
        RepositoryAction.Push => "pull,push",
        RepositoryAction.Delete => "delete",
        _ => "*",
    };

    /// <summary>One scope's text; null when it is none.</summary>
    public static ScopeAccess? TryParse(string text)
    {
        var first = text.IndexOf(':');
        var last = text.LastIndexOf(':');
        if (first <= 0 || last <= first + 1)
            return null;
        var type = text[..first];
        var open = type.IndexOf('(');
        if (open > 0 && type[^1] == ')')
            type = type[..open];
        var actions = text[(last + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new ScopeAccess(type, text[(first + 1)..last], actions);
    }

    public override string ToString() => $"{Type}:{Name}:{string.Join(',', Actions)}";
}
