namespace Naru.Base;

/// <summary>Finds what answers a request: by method and path, in which <c>{name}</c> is one part and <c>{name*}</c> one or more.</summary>
public sealed class RouteTable<T>
    where T : class
{
    private readonly List<Route> routes = [];

    public void Map(string method, string pattern, T endpoint) => routes.Add(new Route(method, pattern.Trim('/').Split('/'), endpoint));

    /// <summary>The endpoint and the values of the pattern's names, unescaped; null when there is none.</summary>
    public (T Endpoint, IReadOnlyDictionary<string, string> Values)? Find(string method, string path)
    {
        var parts = path.Trim('/').Split('/');
        foreach (var route in routes)
        {
            if (route.Method == method && Match(route.Pattern, parts) is { } values)
                return (route.Endpoint, values);
        }

        return null;
    }

    private static Dictionary<string, string>? Match(string[] pattern, string[] parts)
    {
        if (parts.Length < pattern.Length)
            return null;
        var values = new Dictionary<string, string>();
        var at = 0;
        foreach (var piece in pattern)
        {
            if (piece.EndsWith("*}", StringComparison.Ordinal))
            {
                var count = parts.Length - pattern.Length + 1;
                values[piece[1..^2]] = Uri.UnescapeDataString(string.Join('/', parts, at, count));
                at += count;
            }
            else if (piece.Length > 0 && piece[0] == '{')
            {
                values[piece[1..^1]] = Uri.UnescapeDataString(parts[at++]);
            }
            else if (piece != parts[at++])
            {
                return null;
            }
        }

        return at == parts.Length ? values : null;
    }

    private sealed record Route(string Method, string[] Pattern, T Endpoint);
}
