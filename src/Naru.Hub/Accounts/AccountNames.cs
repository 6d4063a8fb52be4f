using System.Text.RegularExpressions;
using Naru.Base;

namespace Naru.Hub.Accounts;

/// <summary>Which names users and organisations may have: what the first component of a repository's name may be, without dots (which are hosts) and with single separators.</summary>
public static partial class AccountNames
{
    public const int Longest = 39;

    /// <summary>First components of the site's and the registry's own paths, and names that would pass for somebody else's.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "about", "account", "accounts", "admin", "administrator", "anonymous", "api", "app", "assets", "audit", "auth", "blob", "blobs", "compare", "dashboard", "docs", "events",
        "explore", "favicon", "gc", "health", "healthz", "help", "home", "index", "library", "local", "localhost", "login", "logout", "manifests", "metrics", "mirror",
        "mirrors", "naru", "new", "oauth", "operator", "org", "organisation", "organisations", "organization", "organizations", "orgs", "password", "profile", "public",
        "referrers", "register", "registry", "repositories", "repository", "robots", "root", "scratch", "search", "security", "sessions", "settings", "sign-in", "sign-out", "sign-up",
        "signin", "signout", "signup", "site", "static", "status", "support", "system", "tags", "team", "teams", "token", "tokens", "user", "users", "v1", "v2", "webhooks",
    };

    public static bool IsName(string name) => name.Length is >= 2 and <= Longest && Grammar().IsMatch(name) && !Reserved.Contains(name);

    /// <exception cref="NaruException">InvalidArgument: it says what a name may be.</exception>
    public static string Check(string name)
    {
        if (name.Length is < 2 or > Longest || !Grammar().IsMatch(name))
            throw new RefusedException(Refusal.AccountName, ErrorKind.InvalidArgument, $"invalid account name {GoText.Quote(name)}: 2 to {Longest} of a-z, 0-9 and single - or _ between them", name);
        return Reserved.Contains(name) ? throw new RefusedException(Refusal.AccountNameReserved, ErrorKind.InvalidArgument, $"the account name {GoText.Quote(name)} is reserved", name) : name;
    }

    /// <summary>A team's or a robot's name: the same grammar, with nothing reserved.</summary>
    /// <exception cref="NaruException">InvalidArgument.</exception>
    public static string CheckPart(string what, string name) => name.Length is >= 1 and <= Longest && Grammar().IsMatch(name)
        ? name
        : throw new RefusedException(Refusal.PartName, ErrorKind.InvalidArgument, $"invalid {what} name {GoText.Quote(name)}: 1 to {Longest} of a-z, 0-9 and single - or _ between them", name);

    [GeneratedRegex(@"\A[a-z0-9]+(?:[_-][a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
