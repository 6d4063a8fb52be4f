using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Naru.Base;

namespace Naru.Build.Sources;

/// <summary>Fetches one URL into one file. A connection that breaks is taken up where it broke, if the server can, and only if it still has the same content.</summary>
internal sealed class HttpDownload(HttpClient client, Uri url, string file, string algorithm, Action<long, long> progress)
{
    private const int Attempts = 6;

    /// <summary>A server that sends nothing for so long has gone.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly byte[] buffer = new byte[128 << 10];
    private EntityTagHeaderValue? etag;
    private string? lastModified;
    private long have;

    /// <param name="known">What is here already; it comes back if the server has no other.</param>
    /// <exception cref="NaruException">Unavailable.</exception>
    public async Task<HttpState> Run(HttpState? known, CancellationToken cancel)
    {
        await using var target = new FileStream(file, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        using var hash = IncrementalHash.CreateHash(algorithm == "sha512" ? HashAlgorithmName.SHA512 : algorithm == "sha384" ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256);
        for (var attempt = 1; ; attempt++)
        {
            var before = have;
            try
            {
                if (!await Try(known, target, hash, cancel))
                    return known!;
                return new HttpState
                {
                    Content = $"{algorithm}:{Convert.ToHexStringLower(hash.GetHashAndReset())}",
                    Etag = etag?.ToString(),
                    LastModified = lastModified,
                };
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException && e is not HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError })
            {
                // As long as something comes it goes on; a server that was never there is not waited for.
                attempt = have > before ? 1 : attempt;
                if (attempt >= Attempts || IsDiskFull(e) || (have == 0 && e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }))
                    throw Failure(e);
                await Task.Delay(TimeSpan.FromMilliseconds(100 << attempt), cancel);
            }
            catch (HttpRequestException e)
            {
                throw Failure(e);
            }
        }
    }

    /// <returns>False: the server has nothing newer than what is known.</returns>
    private async Task<bool> Try(HttpState? known, FileStream target, IncrementalHash hash, CancellationToken cancel)
    {
        using var request = Request(known);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (response.StatusCode == HttpStatusCode.NotModified && known is not null && have == 0)
                return false;
            if (response.StatusCode >= HttpStatusCode.InternalServerError)
                throw new HttpRequestException($"invalid response status {(int)response.StatusCode}", null, response.StatusCode);
            if (!response.IsSuccessStatusCode)
                throw new NaruException(ErrorKind.Unavailable, $"invalid response status {(int)response.StatusCode}");
            if (response.StatusCode != HttpStatusCode.PartialContent || response.Content.Headers.ContentRange?.From != have)
                Restart(response, target, hash);
            var length = response.Content.Headers.ContentLength;
            var total = length is { } rest ? have + rest : 0;
            await using var content = await response.Content.ReadAsStreamAsync(patience.Token);
            while (await content.ReadAsync(buffer, patience.Token) is var count and > 0)
            {
                patience.CancelAfter(Patience);
                hash.AppendData(buffer, 0, count);
                await target.WriteAsync(buffer.AsMemory(0, count), cancel);
                have += count;
                progress(have, total);
            }

            return true;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {Patience.TotalSeconds:0} seconds");
        }
    }

    private HttpRequestMessage Request(HttpState? known)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (url.UserInfo.Length > 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo))));
        // Only a strong tag, or a time, stands for the same bytes; without one it is all sent again.
        var same = etag is { IsWeak: false } ? etag.ToString() : lastModified;
        if (have > 0 && same is not null)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
            request.Headers.TryAddWithoutValidation("If-Range", same);
        }
        else if (have > 0)
        {
            return request;
        }
        else if (known?.Etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", known.Etag);
        }
        else if (known?.LastModified is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Modified-Since", known.LastModified);
        }

        return request;
    }

    /// <summary>The answer begins at the start.</summary>
    private void Restart(HttpResponseMessage response, FileStream target, IncrementalHash hash)
    {
        if (response.StatusCode == HttpStatusCode.PartialContent)
            throw new NaruException(ErrorKind.Unavailable, $"{url.Host} answered with another part than was asked for");
        etag = response.Headers.ETag;
        lastModified = response.Content.Headers.LastModified?.ToString("R");
        have = 0;
        target.Position = 0;
        target.SetLength(0);
        hash.GetHashAndReset();
    }

    private static bool IsDiskFull(Exception e) => e is IOException and not HttpIOException && e.HResult == Linux.Errno.ENOSPC;

    private NaruException Failure(Exception e) =>
        new(ErrorKind.Unavailable, e is HttpRequestException { StatusCode: not null } ? e.Message : $"Get {GoText.Quote(Shown)}: {Reason(e)}", e);

    /// <summary>In Go's words, as Docker's users know them.</summary>
    private string Reason(Exception e) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => $"dial tcp: lookup {url.Host}: no such host",
        HttpRequestException { InnerException: SocketException socket } => $"dial tcp {url.Authority}: connect: {Linux.Errno.Text(socket.NativeErrorCode)}",
        _ => e.Message,
    };

    /// <summary>Without a password.</summary>
    private string Shown => url.UserInfo.Length == 0 ? url.ToString() : new UriBuilder(url) { UserName = "", Password = "" }.Uri.ToString();
}
