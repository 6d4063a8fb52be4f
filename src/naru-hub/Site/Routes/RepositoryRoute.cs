namespace Naru.HubServer.Site.Routes;

/// <summary>What a path below <c>/r/</c> names.</summary>
/// <param name="Reference">The tag or digest behind the name; null where there is none.</param>
/// <param name="Tail">What stands behind <c>/-/</c>; null where nothing does.</param>
internal sealed record RepositoryRoute(string Name, string? Reference, string? Tail)
{
    private const string Prefix = "/r/";
    private const string Divider = "/-/";

    public static RepositoryRoute? TryParse(string path)
    {
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var rest = path[Prefix.Length..].TrimEnd('/');
        if (rest.IndexOf(Divider, StringComparison.Ordinal) is >= 0 and var divider)
            return new RepositoryRoute(rest[..divider], null, rest[(divider + Divider.Length)..]);
        var sign = rest.IndexOf('@');
        if (sign < 0)
            sign = rest.IndexOf(':');
        return sign < 0 ? new RepositoryRoute(rest, null, null) : new RepositoryRoute(rest[..sign], rest[(sign + 1)..], null);
    }
}
