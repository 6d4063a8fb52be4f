namespace Naru.Hub.Accounts;

/// <summary>What a 401 says about where to get a token: <c>Bearer realm="https://HOST/token",service="HOST",scope="…"</c> (RFC 6750, distribution's "Token Authentication Specification").</summary>
/// <param name="Realm">Where tokens are got.</param>
/// <param name="Service">The registry's name, which tokens are for.</param>
public sealed record Challenge(string Realm, string Service)
{
    /// <summary>By the address that the registry is known by, or else by what the request says.</summary>
    /// <param name="external">The registry's own address, <c>https://hub.example.com</c>; null where it has none.</param>
    /// <param name="host">The request's Host header, with its port.</param>
    public static Challenge Of(Uri? external, string scheme, string host) => external is not null
        ? new(new Uri(external, "/token").AbsoluteUri, external.Authority)
        : new($"{scheme}://{Clean(host)}/token", Clean(host));

    /// <summary>The WWW-Authenticate header.</summary>
    /// <param name="scope">What the request needs; null for signing in alone.</param>
    /// <param name="error">Why the token that was sent is not enough; null when none was sent.</param>
    public string Header(string? scope, string? error)
    {
        var text = $"Bearer realm=\"{Realm}\",service=\"{Service}\"";
        if (scope is not null)
            text += $",scope=\"{scope}\"";
        return error is null ? text : $"{text},error=\"{error}\"";
    }

    /// <summary>A Host header is the client's to write: no quotes or controls of its making get into ours.</summary>
    private static string Clean(string host)
    {
        foreach (var letter in host)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-' or ':' or '[' or ']' or '_'))
                return "localhost";
        }

        return host.Length == 0 ? "localhost" : host;
    }
}
