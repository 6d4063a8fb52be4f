using Microsoft.AspNetCore.Http;

namespace Naru.Daemon.Http;

/// <summary>Finds a request's endpoint: by method and path, in which <c>{name}</c> is one part and <c>{name*}</c> one or more.</summary>
internal sealed class Router
{
    private readonly List<(string Method, string[] Pattern, Func<ApiCall, Task> Endpoint)> routes = [];

    public void Map(string method, string pattern, Func<ApiCall, Task> endpoint) => routes.Add((method, pattern.Trim('/').Split('/'), endpoint));

    public (Func<ApiCall, Task> Endpoint, IReadOnlyDictionary<string, string> Values)? Find(HttpContext context, string path)
    {
        var parts = path.Trim('/').Split('/');
        foreach (var (method, pattern, endpoint) in routes)
        {
            if (method == context.Request.Method && Match(pattern, parts) is { } values)
                return (endpoint, values);
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
            else if (piece[0] == '{')
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
}
