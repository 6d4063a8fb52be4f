using Naru.Base;

namespace Naru.Hub.Accounts;

/// <summary>Levels as words, and what each allows.</summary>
public static class AccessLevels
{
    /// <summary>The column of a level as a number that compares like <see cref="AccessLevel"/>.</summary>
    internal const string Rank = "CASE level WHEN 'admin' THEN 3 WHEN 'push' THEN 2 ELSE 1 END";

    public static string Word(AccessLevel level) => level switch
    {
        AccessLevel.Admin => "admin",
        AccessLevel.Push => "push",
        AccessLevel.Pull => "pull",
        _ => "none",
    };

    /// <exception cref="NaruException">InvalidArgument: no such level.</exception>
    public static AccessLevel Parse(string word) => word switch
    {
        "admin" => AccessLevel.Admin,
        "push" => AccessLevel.Push,
        "pull" => AccessLevel.Pull,
        _ => throw new NaruException(ErrorKind.InvalidArgument, $"invalid access level {GoText.Quote(word)}: it is pull, push or admin"),
    };

    public static bool Allows(this AccessLevel level, RepositoryAction action) => level >= Needed(action);

    private static AccessLevel Needed(RepositoryAction action) => action switch
    {
        RepositoryAction.Pull => AccessLevel.Pull,
        RepositoryAction.Push => AccessLevel.Push,
        _ => AccessLevel.Admin,
    };
}
