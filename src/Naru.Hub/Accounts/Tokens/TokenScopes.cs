using Naru.Base;
using Naru.Hub.Registry;

namespace Naru.Hub.Accounts.Tokens;

/// <summary>What a stored token may be used for.</summary>
/// <remarks>
/// Words between spaces: <c>repo:read</c>, <c>repo:write</c>, <c>repo:delete</c> and <c>repo:admin</c>, each of which includes those before it;
/// <c>account</c> for profile, tokens, organisations and teams; and any number of <c>repository:NAME</c> or <c>repository:ACCOUNT/*</c>, which
/// limit the repo words to those repositories. What everybody may pull, a token may pull too.
/// </remarks>
public sealed record TokenScopes
{
    /// <summary>More than anybody would list by hand; a listing asks the database about each of them.</summary>
    private const int MostRepositories = 50;

    private const string Limit = "repository:";

    /// <summary>The most that may be done to repositories; null for nothing.</summary>
    public RepositoryAction? Most { get; init; }

    /// <summary>May change the account and what belongs to it.</summary>
    public bool Account { get; init; }

    /// <summary>Whole names, or <c>account/*</c>; empty for all that the account may reach.</summary>
    public IReadOnlyList<string> Repositories { get; init; } = [];

    /// <exception cref="NaruException">InvalidArgument: a word that is no scope, or none at all.</exception>
    public static TokenScopes Parse(string text)
    {
        RepositoryAction? most = null;
        var account = false;
        var repositories = new List<string>();
        foreach (var word in text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (word == "account")
                account = true;
            else if (word.StartsWith(Limit, StringComparison.Ordinal))
                repositories.Add(Pattern(word[Limit.Length..]));
            else if (Action(word) is { } action)
                most = most is { } before && before > action ? before : action;
            else
                throw new NaruException(ErrorKind.InvalidArgument, $"unknown scope {GoText.Quote(word)}: scopes are repo:read, repo:write, repo:delete, repo:admin, account and repository:NAME");
        }

        if (most is null && !account)
            throw new NaruException(ErrorKind.InvalidArgument, "a token needs a scope: repo:read, repo:write, repo:delete, repo:admin or account");
        if (repositories.Count > MostRepositories)
            throw new RefusedException(Refusal.ScopeRepositories, ErrorKind.InvalidArgument, $"a token names at most {MostRepositories} repositories", $"{MostRepositories}");
        return new TokenScopes { Most = most, Account = account, Repositories = repositories };
    }

    public bool Allows(string repository, RepositoryAction action) => Most >= action && Names(repository);

    public override string ToString()
    {
        var words = new List<string>();
        if (Most is { } most)
            words.Add(Word(most));
        if (Account)
            words.Add("account");
        foreach (var repository in Repositories)
            words.Add(Limit + repository);
        return string.Join(' ', words);
    }

    private bool Names(string repository)
    {
        if (Repositories.Count == 0)
            return true;
        foreach (var pattern in Repositories)
        {
            if (pattern[^1] == '*' ? repository.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : repository == pattern)
                return true;
        }

        return false;
    }

    private static string Pattern(string text)
    {
        var name = text.EndsWith("/*", StringComparison.Ordinal) ? text[..^2] : text;
        return Registry.Names.IsName(name) ? text : throw new RefusedException(Refusal.ScopeRepository, ErrorKind.InvalidArgument, $"invalid repository {GoText.Quote(text)} in a scope: it is a name, or ACCOUNT/*", text);
    }

    private static string Word(RepositoryAction action) => action switch
    {
        RepositoryAction.Pull => "repo:read",
        RepositoryAction.Push => "repo:write",
        RepositoryAction.Delete => "repo:delete",
        _ => "repo:admin",
    };

    private static RepositoryAction? Action(string word) => word switch
    {
        "repo:read" => RepositoryAction.Pull,
        "repo:write" => RepositoryAction.Push,
        "repo:delete" => RepositoryAction.Delete,
        "repo:admin" => RepositoryAction.Administer,
        _ => null,
    };
}
