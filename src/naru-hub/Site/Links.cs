namespace Naru.HubServer.Site;

/// <summary>The paths of the site's pages.</summary>
/// <remarks>A repository's page is <c>/r/NAME</c>, an image's <c>/r/NAME:TAG</c> or <c>/r/NAME@DIGEST</c>, as in a reference; what belongs to a repository
/// besides stands after <c>/-/</c>, which no name can hold.</remarks>
internal static class Links
{
    public static string Search(string query, int page = 1) => $"/search?q={Uri.EscapeDataString(query)}{(page > 1 ? $"&page={page}" : "")}";

    public static string Repository(string name) => $"/r/{Path(name)}";

    public static string Tags(string name, string filter, int page) =>
        $"{Repository(name)}?{(filter.Length > 0 ? $"tag={Uri.EscapeDataString(filter)}&" : "")}page={page}#tags";

    public static string Image(string name, string reference) =>
        $"/r/{Path(name)}{(reference.Contains(':', StringComparison.Ordinal) ? '@' : ':')}{Uri.EscapeDataString(reference).Replace("%3A", ":", StringComparison.Ordinal)}";

    /// <summary>An image with one platform chosen.</summary>
    public static string Platform(string name, string reference, string digest) => $"{Image(name, reference)}?platform={Uri.EscapeDataString(digest)}";

    /// <summary>An image with the files of one layer.</summary>
    public static string Files(string name, string reference, string shown, string layer, string folder = "") =>
        $"{Platform(name, reference, shown)}&layer={Uri.EscapeDataString(layer)}{(folder.Length > 0 ? $"&path={Uri.EscapeDataString(folder)}" : "")}#files";

    /// <summary>The same files for the program in the page, as JSON.</summary>
    public static string FilesData(string name, string shown, string layer) =>
        $"/r/{Path(name)}/-/files?image={Uri.EscapeDataString(shown)}&layer={Uri.EscapeDataString(layer)}";

    public static string Compare(string name, string? from = null, string? to = null)
    {
        var link = $"{Repository(name)}/-/compare";
        if (from is not null)
            link += $"?from={Uri.EscapeDataString(from)}";
        if (to is not null)
            link += $"{(from is null ? '?' : '&')}to={Uri.EscapeDataString(to)}";
        return link;
    }

    public static string RepositorySettings(string name) => $"{Repository(name)}/-/settings";

    public static string Account(string name, int page = 1) => $"/u/{Uri.EscapeDataString(name)}{(page > 1 ? $"?page={page}" : "")}";

    /// <summary>A page for an organisation's owners: settings, teams, robots, activity.</summary>
    public static string Organisation(string name, string page) => $"/u/{Uri.EscapeDataString(name)}/{page}";

    /// <summary>An account as administrators see it.</summary>
    public static string AdminAccount(string name) => $"/admin/users/{Uri.EscapeDataString(name)}";

    public static string Teams(string organisation) => $"/u/{Uri.EscapeDataString(organisation)}/teams";

    public static string SignIn(string next) => next is "/" or "" ? "/sign-in" : $"/sign-in?next={Uri.EscapeDataString(next)}";

    /// <summary>A place to go on to, if it is a page of this site, else the first page: an address elsewhere would make a trap of signing in.</summary>
    public static string Local(string? path) =>
        path is ['/', not ('/' or '\\'), ..] && !path.AsSpan().ContainsAnyInRange('\0', ' ') && !path.Contains('\\', StringComparison.Ordinal) ? path : "/";

    private static string Path(string name) => Uri.EscapeDataString(name).Replace("%2F", "/", StringComparison.Ordinal);
}
