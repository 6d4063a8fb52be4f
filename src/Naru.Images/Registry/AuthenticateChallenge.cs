using System.Net.Http.Headers;

namespace Naru.Images;

/// <summary>One challenge of a WWW-Authenticate header: <c>Bearer realm="…",service="…",scope="…"</c> or <c>Basic realm="…"</c>.</summary>
/// <remarks>RFC 9110, 11.6.1; distribution-spec's token authentication.</remarks>
internal sealed record AuthenticateChallenge(string Scheme, string Realm, string Service, string Scope)
{
    /// <summary>The challenge to answer: bearer before basic; null when neither is offered.</summary>
    public static AuthenticateChallenge? Choose(HttpHeaderValueCollection<AuthenticationHeaderValue> headers)
    {
        AuthenticateChallenge? chosen = null;
        foreach (var header in headers)
        {
            var scheme = header.Scheme.ToLowerInvariant();
            if (scheme is not ("bearer" or "basic") || (chosen is not null && scheme == "basic"))
                continue;
            var parameters = Parameters(header.Parameter ?? "");
            chosen = new AuthenticateChallenge(scheme, Get("realm"), Get("service"), Get("scope"));
            if (scheme == "bearer")
                return chosen;

            string Get(string name) => parameters.GetValueOrDefault(name, "");
        }

        return chosen;
    }

    private static Dictionary<string, string> Parameters(string text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var position = 0;
        while (position < text.Length)
        {
            var equals = text.IndexOf('=', position);
            if (equals < 0)
                break;
            var name = text[position..equals].Trim(' ', ',');
            position = equals + 1;
            var value = new System.Text.StringBuilder();
            if (position < text.Length && text[position] == '"')
            {
                for (position++; position < text.Length && text[position] != '"'; position++)
                {
                    if (text[position] == '\\' && position + 1 < text.Length)
                        position++;
                    value.Append(text[position]);
                }

                position++;
            }
            else
            {
                for (; position < text.Length && text[position] != ','; position++)
                    value.Append(text[position]);
            }

            parameters[name] = value.ToString().Trim();
        }

        return parameters;
    }
}
