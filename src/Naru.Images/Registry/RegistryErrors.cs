using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Naru.Base;
using Naru.Oci;

namespace Naru.Images;

/// <summary>Turns a registry's refusals into errors with Docker's texts.</summary>
internal static class RegistryErrors
{
    private const int MaximumBody = 64 << 10;

    /// <summary>The error of a manifest or blob request that was refused.</summary>
    public static async Task<NaruException> ReadAsync(HttpResponseMessage response, ImageReference reference, bool push, CancellationToken cancellation)
    {
        var (code, text) = await CauseAsync(response, cancellation);
        var status = (int)response.StatusCode;
        var request = $"{Title(response.RequestMessage!.Method.Method)} \"{Clean(response.RequestMessage.RequestUri!)}\"";
        return (code, status) switch
        {
            ("DENIED", _) when !push => new NaruException(ErrorKind.NotFound, $"pull access denied for {reference.FamiliarName}, repository does not exist or may require 'docker login': {text}"),
            ("MANIFEST_UNKNOWN", _) => new NaruException(ErrorKind.NotFound, $"manifest for {reference.Familiar} not found: {text}", NaruException.NotFound(text)),
            ("BLOB_UNKNOWN", _) => new NaruException(ErrorKind.NotFound, "unknown blob"),
            ("NAME_UNKNOWN", _) => new NaruException(ErrorKind.NotFound, $"repository {reference.FamiliarName} not found: {text}", NaruException.NotFound(text)),
            ("TOOMANYREQUESTS", _) or (_, 429) => new NaruException(ErrorKind.Unavailable, text),
            (_, 401) => new NaruException(ErrorKind.Unauthenticated, text),
            (_, 403) => new NaruException(ErrorKind.PermissionDenied, text),
            (_, 404) => new NaruException(ErrorKind.NotFound, text),
            (_, >= 500) => new NaruException(ErrorKind.Unavailable, text),
            _ => new NaruException(ErrorKind.InvalidArgument, code.Length == 0 ? $"{request}: {text}" : text),
        };
    }

    /// <summary>The code and the text «code: message», as distribution's errcode prints it.</summary>
    public static async Task<(string Code, string Text)> CauseAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        if (response.RequestMessage!.Method != HttpMethod.Head)
        {
            try
            {
                var body = await ReadLimitedAsync(response, cancellation);
                var answer = JsonSerializer.Deserialize(body, RegistryJson.Default.ErrorAnswer);
                if (answer?.Errors is [{ Code: { } code } first, ..])
                    return (code.ToUpperInvariant(), $"{code.ToLowerInvariant().Replace('_', ' ')}: {first.Message}");
                if (answer?.Details is { Length: > 0 } details)
                    return ("", status == 401 ? $"unauthorized: {details}" : details);
            }
            catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
            {
                // No error document: the status says what there is to say.
            }
        }

        return status switch
        {
            401 => ("", "unauthorized: authentication required"),
            403 => ("DENIED", "denied: requested access to the resource is denied"),
            404 when response.RequestMessage.RequestUri!.AbsolutePath.Contains("/manifests/") => ("MANIFEST_UNKNOWN", "manifest unknown: manifest unknown"),
            404 => ("BLOB_UNKNOWN", "blob unknown: blob unknown to registry"),
            429 => ("TOOMANYREQUESTS", "toomanyrequests: too many requests to registry"),
            _ => ("", $"received unexpected HTTP status: {status} {response.ReasonPhrase}"),
        };
    }

    /// <summary>A request that found no server, in the words of Go's net package.</summary>
    public static NaruException Unreachable(HttpMethod method, Uri uri, Exception e)
    {
        var cause = e switch
        {
            HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } =>
                $"dial tcp: lookup {uri.Host}: no such host",
            HttpRequestException { InnerException: SocketException refused } => $"dial tcp {uri.Host}:{uri.Port}: {GoText(refused)}",
            HttpRequestException { InnerException: CertificateRefusedException refusal } => $"tls: failed to verify certificate: {refusal.Message}",
            // Whatever it said was no TLS at all: that has no cause of its own, a handshake that fails does.
            HttpRequestException { InnerException: AuthenticationException { InnerException: null } } => "http: server gave HTTP response to HTTPS client",
            HttpRequestException { InnerException: AuthenticationException { InnerException: { } handshake } } => $"remote error: tls: {handshake.Message}",
            HttpRequestException { InnerException: { } inner } => inner.Message,
            TimeoutException or OperationCanceledException => "net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)",
            _ => e.Message,
        };
        // Docker asks /v2/ before anything else: who finds nobody there finds out by that request.
        if (e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError })
            (method, uri) = (HttpMethod.Get, new Uri(uri, "/v2/"));
        return new NaruException(ErrorKind.Unavailable, $"{Title(method.Method)} \"{Clean(uri)}\": {cause}", e);
    }

    /// <summary>A registry that asks for a name and password, and nobody gave any. A push says it without its request, as Docker does.</summary>
    public static NaruException NoCredentials(HttpMethod method, Uri uri, bool push) =>
        NaruException.Precondition(push ? "no basic auth credentials" : $"{Title(method.Method)} \"{Clean(uri)}\": no basic auth credentials");

    /// <summary>Why a connection could not be made, as Go says it.</summary>
    private static string GoText(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connect: connection refused",
        SocketError.HostUnreachable => "connect: no route to host",
        SocketError.NetworkUnreachable => "connect: network is unreachable",
        SocketError.TimedOut => "i/o timeout",
        _ => $"connect: {e.Message.ToLowerInvariant()}",
    };

    public static async Task<byte[]> ReadLimitedAsync(HttpResponseMessage response, CancellationToken cancellation, int limit = MaximumBody)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var content = new MemoryStream();
        var buffer = new byte[16 << 10];
        for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (content.Length + read > limit)
                throw NaruException.Invalid($"the registry's answer is larger than {limit} bytes");
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    /// <summary>Without user info and query: both may hold secrets (signed URLs).</summary>
    private static string Clean(Uri uri) => $"{uri.Scheme}://{uri.Authority}{uri.AbsolutePath}";

    private static string Title(string method) => method[0] + method[1..].ToLowerInvariant();
}
