using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Naru.Base;

namespace Naru.Images;

/// <summary>Sends one request to a registry: scheme, authorization, redirects, another try when a server is not well.</summary>
/// <remarks>
/// Redirects are followed here, not by HttpClient, so that the Authorization header never leaves for another host and https never becomes http.
/// </remarks>
internal sealed class RegistryTransport : IDisposable
{
    private const int MaximumRedirects = 10;

    private readonly RegistryOptions options;
    private readonly HttpClient strict;
    private readonly HttpClient lax;
    private readonly RegistryTokens tokens;
    private readonly ConcurrentDictionary<string, string> schemes = new();
    private readonly ConcurrentDictionary<string, HttpClient> certified = new();

    /// <summary>Mirrors that this client used, by their authority, and whether they may be plain: what a user named with http.</summary>
    private readonly ConcurrentDictionary<string, bool> plainMirrors = new();

    /// <summary>Mirrors that did not answer: each is waited for once.</summary>
    private readonly ConcurrentDictionary<string, bool> silentMirrors = new();

    public RegistryTransport(RegistryOptions options)
    {
        this.options = options;
        strict = Client(new SslClientAuthenticationOptions());
        lax = Client(new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true });
        tokens = new RegistryTokens(Choose, options);
    }

    /// <summary>Sends what <paramref name="build"/> makes, once an attempt; the answer's status is the caller's to judge.</summary>
    /// <param name="path">Below the registry's root, <c>/v2/…</c>, or an absolute URI that the registry gave.</param>
    /// <param name="scopes">What the request needs: <c>repository:path:pull</c>.</param>
    /// <param name="retry">False for requests whose body cannot be sent twice.</param>
    public async Task<HttpResponseMessage> SendAsync(string domain, HttpMethod method, string path, string scopes, Action<HttpRequestMessage>? build, CancellationToken cancellation, bool retry = true)
    {
        if (options.Mirrors is not null && (method == HttpMethod.Get || method == HttpMethod.Head) && path.StartsWith("/v2/", StringComparison.Ordinal)
            && scopes.EndsWith(":pull", StringComparison.Ordinal) && await AskMirrorsAsync(domain, method, path, scopes, build, cancellation) is { } mirrored)
            return mirrored;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var response = await SendOnceAsync(domain, method, path, scopes, build, cancellation);
                if (!retry || attempt >= options.Attempts || !IsTransient(response.StatusCode))
                    return response;
                var delay = response.Headers.RetryAfter?.Delta;
                response.Dispose();
                await Task.Delay(delay is { } asked && asked < TimeSpan.FromSeconds(30) ? asked : Delay(attempt), cancellation);
            }
            catch (NaruException e) when (e.Kind == ErrorKind.Unavailable && retry && attempt < options.Attempts && IsTransient(e))
            {
                await Task.Delay(Delay(attempt), cancellation);
            }
        }
    }

    public TimeSpan Delay(int attempt) => options.RetryDelay * Math.Pow(2, attempt - 1);

    /// <summary>http or https, as the registry was found to speak; https until then.</summary>
    public string SchemeOf(string domain) => schemes.GetValueOrDefault(domain, "https");

    /// <summary>One request to the registry's root, with no authorization; its answer does not matter.</summary>
    public async Task ReachAsync(string domain, CancellationToken cancellation)
    {
        if (IsPlainAllowed(domain) && !schemes.ContainsKey(domain))
            schemes[domain] = await ProbeAsync(domain, cancellation);
        var uri = new Uri($"{SchemeOf(domain)}://{RegistryHost.Authority(domain)}/v2/");
        using var response = await SendRawAsync(domain, new HttpRequestMessage(HttpMethod.Get, uri), cancellation);
    }

    public void Dispose()
    {
        strict.Dispose();
        lax.Dispose();
        foreach (var client in certified.Values)
            client.Dispose();
    }

    /// <summary>What the first mirror that has it answers; null when none has it. Why not is no failure: the registry itself is asked then.</summary>
    private async Task<HttpResponseMessage?> AskMirrorsAsync(string domain, HttpMethod method, string path, string scopes, Action<HttpRequestMessage>? build, CancellationToken cancellation)
    {
        foreach (var mirror in options.Mirrors!(domain))
        {
            var authority = mirror.Authority;
            if (silentMirrors.ContainsKey(authority))
                continue;
            plainMirrors[authority] = mirror.Scheme == "http";
            schemes[authority] = mirror.Scheme;
            try
            {
                // As containerd says whose name it is: a mirror may serve several registries.
                var response = await SendOnceAsync(authority, method, $"{path}{(path.Contains('?') ? '&' : '?')}ns={Uri.EscapeDataString(domain)}", scopes, build, cancellation);
                if (response.IsSuccessStatusCode)
                    return response;
                response.Dispose();
            }
            catch (NaruException e)
            {
                if (e.Kind == ErrorKind.Unavailable)
                    silentMirrors[authority] = true;

                // dockerd's words.
                Log.Info($"Attempting next endpoint for pull after error: {e.Message}");
            }
        }

        return null;
    }

    private async Task<HttpResponseMessage> SendOnceAsync(string domain, HttpMethod method, string path, string scopes, Action<HttpRequestMessage>? build, CancellationToken cancellation)
    {
        var plainAllowed = IsPlainAllowed(domain);
        if (plainAllowed && !schemes.ContainsKey(domain))
            schemes[domain] = await ProbeAsync(domain, cancellation);
        var registry = new Uri($"{SchemeOf(domain)}://{RegistryHost.Authority(domain)}");
        var uri = new Uri(registry, path);
        var authorization = tokens.Known(domain, scopes);
        for (int redirects = 0, challenges = 0; ;)
        {
            var own = IsSame(uri, registry);
            if (!own && uri.Scheme != "https" && registry.Scheme == "https")
                throw new NaruException(ErrorKind.PermissionDenied, $"{domain} redirects from https to {uri.Scheme}");
            var request = new HttpRequestMessage(method, uri);
            build?.Invoke(request);
            if (own && authorization is not null)
                request.Headers.Authorization = authorization;
            var response = await SendRawAsync(domain, request, cancellation);
            if (response.StatusCode == HttpStatusCode.Unauthorized && own && challenges++ == 0
                && AuthenticateChallenge.Choose(response.Headers.WwwAuthenticate) is { } challenge)
            {
                tokens.Forget(domain, scopes);
                authorization = await tokens.AnswerAsync(domain, plainAllowed, challenge, scopes, cancellation);
                if (authorization is null && challenge.Scheme == "basic")
                {
                    response.Dispose();
                    throw RegistryErrors.NoCredentials(method, uri, push: scopes.Contains(",push", StringComparison.Ordinal));
                }

                if (authorization is null)
                    return response;
                response.Dispose();
                continue;
            }

            if (!IsRedirect(response) || (method != HttpMethod.Get && method != HttpMethod.Head))
                return response;
            var location = new Uri(uri, response.Headers.Location!);
            response.Dispose();
            if (++redirects > MaximumRedirects || location.Scheme is not ("http" or "https"))
                throw new NaruException(ErrorKind.Unavailable, $"{domain}: stopped after {MaximumRedirects} redirects");
            uri = location;
        }
    }

    /// <summary>https when the server speaks it, else http: asked only of those that may be plain.</summary>
    private async Task<string> ProbeAsync(string domain, CancellationToken cancellation)
    {
        var uri = new Uri($"https://{RegistryHost.Authority(domain)}/v2/");
        try
        {
            using var response = await Choose(domain).SendAsync(new HttpRequestMessage(HttpMethod.Get, uri), HttpCompletionOption.ResponseHeadersRead, cancellation);
            return "https";
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException or IOException
            && e.HttpRequestError is HttpRequestError.SecureConnectionError or HttpRequestError.Unknown or HttpRequestError.ResponseEnded)
        {
            return "http";
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // Neither answers there, then: what is said is of the last one tried.
            throw RegistryErrors.Unreachable(HttpMethod.Get, new UriBuilder(uri) { Scheme = "http", Port = uri.Port }.Uri, e);
        }
    }

    private async Task<HttpResponseMessage> SendRawAsync(string domain, HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            // Only the wait for an answer has a limit here; a body being sent or read may take as long as it moves.
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (request.Content is null)
                limited.CancelAfter(options.IdleTimeout);
            return await Choose(domain).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw RegistryErrors.Unreachable(request.Method, request.RequestUri!, e);
        }
    }

    private bool IsPlainAllowed(string domain) => IsLax(domain) && !HasCertificates(domain);

    private bool IsLax(string domain) => plainMirrors.GetValueOrDefault(domain) || RegistryHost.IsLoopback(domain) || RegistryHost.IsInsecure(domain, options.InsecureRegistries);

    private bool HasCertificates(string domain) => RegistryCertificates.Find(options.CertificateFolder, RegistryHost.Authority(domain)) is not null;

    /// <summary>The client to talk to a registry and to its token server with. Certificates that were put there for it come before all else.</summary>
    private HttpClient Choose(string domain)
    {
        if (RegistryCertificates.Find(options.CertificateFolder, RegistryHost.Authority(domain)) is { } folder)
            return certified.GetOrAdd(domain, _ => Client(RegistryCertificates.Load(folder)));
        return IsLax(domain) ? lax : strict;
    }

    private HttpClient Client(SslClientAuthenticationOptions tls)
    {
        // A refusal that says why, apart from all else that can fail a handshake.
        var judge = tls.RemoteCertificateValidationCallback ?? (static (_, _, _, errors) => errors == SslPolicyErrors.None);
        tls.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) => judge(sender, certificate, chain, errors) ? true : throw new CertificateRefusedException(chain, errors);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            MaxResponseHeadersLength = 64,
            SslOptions = tls,
        };
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd(options.UserAgent);
        return client;
    }

    private static bool IsSame(Uri uri, Uri registry) => uri.Scheme == registry.Scheme && uri.Authority == registry.Authority;

    private static bool IsRedirect(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is not null;

    private static bool IsTransient(HttpStatusCode status) => (int)status is 408 or 429 or 500 or 502 or 503 or 504;

    /// <summary>A name that does not exist or a certificate that does not fit will not by waiting.</summary>
    private static bool IsTransient(NaruException e) => e.InnerException is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.Unknown or HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError
    }
        or IOException or OperationCanceledException;
}
