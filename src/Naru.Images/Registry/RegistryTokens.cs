using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Naru.Base;

namespace Naru.Images;

/// <summary>Answers registries' challenges and remembers the answers: the Authorization header a registry and scope.</summary>
/// <remarks>distribution's token authentication: GET with basic credentials, or the OAuth2 POST for identity tokens.</remarks>
internal sealed class RegistryTokens(Func<string, HttpClient> clients, RegistryOptions options)
{
    private readonly ConcurrentDictionary<(string Domain, string Scope), (AuthenticationHeaderValue Header, DateTime Expires)> known = new();

    public AuthenticationHeaderValue? Known(string domain, string scope) =>
        (known.TryGetValue((domain, scope), out var entry) || known.TryGetValue((domain, ""), out entry)) && entry.Expires > DateTime.UtcNow ? entry.Header : null;

    /// <summary>The header that answers <paramref name="challenge"/>, null when there is nothing to answer with.</summary>
    /// <param name="scopes">What is about to be done, <c>repository:path:pull</c> and the like, separated by spaces.</param>
    /// <exception cref="NaruException">Unauthenticated: the token server refused.</exception>
    public async Task<AuthenticationHeaderValue?> AnswerAsync(string domain, bool plainAllowed, AuthenticateChallenge challenge, string scopes, CancellationToken cancellation)
    {
        var credentials = options.Credentials is null ? null : await options.Credentials(domain, cancellation);
        if (credentials?.IsEmpty == true)
            credentials = null;
        if (challenge.Scheme == "basic")
        {
            if (credentials?.Username is null)
                return null;
            var basic = Basic(credentials);
            known[(domain, "")] = (basic, DateTime.MaxValue);
            return basic;
        }

        if (credentials?.RegistryToken is { Length: > 0 } ready)
            return new AuthenticationHeaderValue("Bearer", ready);
        if (!Uri.TryCreate(challenge.Realm, UriKind.Absolute, out var realm) || realm.Scheme is not ("https" or "http"))
            throw new NaruException(ErrorKind.Unauthenticated, $"invalid token realm \"{challenge.Realm}\" from {domain}");
        if (realm.Scheme == "http" && !plainAllowed)
            throw new NaruException(ErrorKind.Unauthenticated, $"token realm \"{challenge.Realm}\" from {domain} is not https");
        if (!RegistryHost.MaySendCredentials(RegistryHost.Authority(domain), realm, plainAllowed))
            credentials = null;
        if (scopes.Length == 0)
            scopes = challenge.Scope;
        var (token, lifetime) = await FetchAsync(clients(domain), realm, challenge.Service, scopes, credentials, cancellation);
        var header = new AuthenticationHeaderValue("Bearer", token);
        known[(domain, scopes)] = (header, DateTime.UtcNow.AddSeconds(lifetime * 0.9));
        return header;
    }

    public void Forget(string domain, string scope)
    {
        known.TryRemove((domain, scope), out _);
        known.TryRemove((domain, ""), out _);
    }

    private async Task<(string Token, int Seconds)> FetchAsync(HttpClient http, Uri realm, string service, string scopes, RegistryCredentials? credentials, CancellationToken cancellation)
    {
        var identity = credentials?.IdentityToken is { Length: > 0 };
        using var request = identity ? OAuth(realm, service, scopes, credentials!) : Plain(realm, service, scopes, credentials);
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw RegistryErrors.Unreachable(request.Method, realm, e);
        }

        using (response)
        {
            if (!response.IsSuccessStatusCode)
            {
                var (_, text) = await RegistryErrors.CauseAsync(response, cancellation);
                if ((int)response.StatusCode == 401 && credentials is not null && text == "unauthorized: authentication required")
                    text = "unauthorized: incorrect username or password";
                throw new NaruException((int)response.StatusCode >= 500 ? ErrorKind.Unavailable : ErrorKind.Unauthenticated, text);
            }

            var body = await RegistryErrors.ReadLimitedAsync(response, cancellation, 1 << 20);
            TokenAnswer? answer = null;
            try
            {
                answer = JsonSerializer.Deserialize(body, RegistryJson.Default.TokenAnswer);
            }
            catch (JsonException)
            {
                // Reported below, like an answer without a token.
            }

            var token = answer?.Token is { Length: > 0 } ? answer.Token : answer?.AccessToken;
            if (string.IsNullOrEmpty(token) || token.AsSpan().ContainsAnyInRange('\0', ' '))
                throw new NaruException(ErrorKind.Unauthenticated, "authorization server did not include a token in the response");
            return (token, Math.Max(answer!.ExpiresIn ?? 60, 60));
        }
    }

    private static HttpRequestMessage Plain(Uri realm, string service, string scopes, RegistryCredentials? credentials)
    {
        var query = new StringBuilder(realm.Query.TrimStart('?'));
        foreach (var scope in scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Add("scope", scope);
        if (service.Length > 0)
            Add("service", service);
        if (credentials?.Username is { Length: > 0 } account)
            Add("account", account);
        var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(realm) { Query = query.ToString() }.Uri);
        if (credentials?.Username is not null)
            request.Headers.Authorization = Basic(credentials);
        return request;

        void Add(string name, string value) => query.Append(query.Length > 0 ? "&" : "").Append(name).Append('=').Append(Uri.EscapeDataString(value));
    }

    private static HttpRequestMessage OAuth(Uri realm, string service, string scopes, RegistryCredentials credentials) => new(HttpMethod.Post, realm)
    {
        Content = new FormUrlEncodedContent(
        [
            new("grant_type", "refresh_token"), new("refresh_token", credentials.IdentityToken!), new("service", service), new("scope", scopes),
            new("client_id", "naru"),
        ]),
    };

    private static AuthenticationHeaderValue Basic(RegistryCredentials credentials) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.Username}:{credentials.Password}")));
}
