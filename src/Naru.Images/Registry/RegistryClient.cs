using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Naru.Base;
using Naru.Oci;

namespace Naru.Images;

/// <summary>An OCI registry's client (distribution-spec 1.1): pull and push. Safe for many threads; keep one for many images.</summary>
/// <remarks>Everything that has a digest is checked against it before the caller sees its end.</remarks>
public sealed class RegistryClient(RegistryOptions options) : IDisposable
{
    /// <summary>A list that names a next page more often than this has no end.</summary>
    private const int MostPages = 1000;

    private static readonly string[] ManifestTypes =
        [MediaTypes.DockerManifest, MediaTypes.DockerIndex, MediaTypes.OciManifest, MediaTypes.OciIndex, "*/*;q=0.5"];

    private readonly RegistryTransport transport = new(options);

    /// <summary>Asks what a tag (or a digest) stands for, without fetching it where the registry allows.</summary>
    /// <exception cref="NaruException">NotFound, Unauthenticated, Unavailable…, with Docker's texts.</exception>
    public async Task<Descriptor> ResolveAsync(ImageReference reference, CancellationToken cancellation)
    {
        using var response = await transport.SendAsync(reference.Domain, HttpMethod.Head, ManifestPath(reference), Pull(reference), AcceptManifests, cancellation);
        var mediaType = response.Content.Headers.ContentType?.MediaType;
        if (response.IsSuccessStatusCode && response.Content.Headers.ContentLength is { } size && mediaType is not null
            && response.Headers.TryGetValues("Docker-Content-Digest", out var values) && Digest.TryParse(values.First(), out var digest))
        {
            if (!reference.Digest.IsEmpty && digest != reference.Digest)
                throw NaruException.Invalid($"unexpected digest {digest} of {reference.Familiar}");
            return new Descriptor { MediaType = mediaType, Digest = digest, Size = size };
        }

        // A HEAD carries no reason: the same request with a body says why.
        return (await GetManifestAsync(reference, cancellation)).Descriptor;
    }

    /// <summary>Fetches the manifest or index that <paramref name="reference"/> names, by its digest if it has one, else by its tag.</summary>
    public async Task<RegistryManifest> GetManifestAsync(ImageReference reference, CancellationToken cancellation)
    {
        using var response = await transport.SendAsync(reference.Domain, HttpMethod.Get, ManifestPath(reference), Pull(reference), AcceptManifests, cancellation);
        if (!response.IsSuccessStatusCode)
            throw await RegistryErrors.ReadAsync(response, reference, push: false, cancellation);
        var content = await RegistryErrors.ReadLimitedAsync(response, cancellation, ManifestKind.MaximumSize);
        var actual = reference.Digest.Again(content);
        if (!reference.Digest.IsEmpty && actual != reference.Digest)
            throw NaruException.Invalid($"manifest verification failed for digest {reference.Digest}");
        var mediaType = ManifestKind.Detect(content, response.Content.Headers.ContentType?.MediaType);
        return new RegistryManifest(new Descriptor { MediaType = mediaType, Digest = actual, Size = content.Length }, content);
    }

    /// <summary>Opens a blob for reading, from <paramref name="offset"/> on. It survives cut connections, and its last read checks size and digest.</summary>
    /// <remarks>Read from an offset other than 0, the digest is the caller's to check. A foreign layer is fetched from its urls.</remarks>
    /// <param name="verify">False for a caller that checks the digest itself: hashing twice takes time. The size is checked in any case.</param>
    public async Task<Stream> OpenBlobAsync(ImageReference repository, Descriptor descriptor, CancellationToken cancellation, long offset = 0, bool verify = true)
    {
        var stream = new BlobStream((from, token) => RequestBlobAsync(repository, descriptor, from, token), descriptor, offset, verify, options);
        try
        {
            await stream.ConnectAsync(cancellation);
            return stream;
        }
        catch (IOException e)
        {
            await stream.DisposeAsync();
            throw new NaruException(ErrorKind.Unavailable, $"failed to copy {descriptor.Digest}: {e.Message}", e);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks a registry's index for repositories by a word of their names: Docker Hub's, or one that has Docker's <c>/v1/search</c>.</summary>
    /// <exception cref="NaruException">Internal: the index has no search; Unavailable.</exception>
    public async Task<IReadOnlyList<FoundImage>> SearchAsync(string domain, string term, int limit, CancellationToken cancellation)
    {
        var path = $"/v1/search?q={Uri.EscapeDataString(term)}&n={limit}";

        // Docker Hub's index is another host than its registry, which gets no credentials of the registry's. An index never asks who is there: it is told.
        if (domain == ImageReference.DefaultDomain)
            path = "https://index.docker.io" + path;
        var credentials = options.Credentials is { } ask ? await ask(domain, cancellation) : null;
        using var response = await transport.SendAsync(domain, HttpMethod.Get, path, "", request =>
        {
            if (domain != ImageReference.DefaultDomain && credentials is { Username: { Length: > 0 } name, Password: { } password })
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{name}:{password}")));
        }, cancellation);
        if (!response.IsSuccessStatusCode)
            throw new NaruException(ErrorKind.Internal, $"Unexpected status code {(int)response.StatusCode}");
        try
        {
            var answer = JsonSerializer.Deserialize(await RegistryErrors.ReadLimitedAsync(response, cancellation), RegistryJson.Default.SearchAnswer);
            return [.. (answer?.Results ?? []).OfType<FoundImage>()];
        }
        catch (JsonException e)
        {
            throw new NaruException(ErrorKind.Internal, $"error decoding registry search results: {e.Message}", e);
        }
    }

    /// <summary>Whether the repository has the blob.</summary>
    public async Task<bool> BlobExistsAsync(ImageReference repository, Digest digest, CancellationToken cancellation)
    {
        using var response = await transport.SendAsync(repository.Domain, HttpMethod.Head, $"/v2/{repository.Path}/blobs/{digest}", Push(repository), null, cancellation);
        if (response.IsSuccessStatusCode)
            return true;
        return response.StatusCode == HttpStatusCode.NotFound ? false : throw await RegistryErrors.ReadAsync(response, repository, push: true, cancellation);
    }

    /// <summary>How many bytes a blob has of which nothing but the digest is known.</summary>
    /// <exception cref="NaruException">NotFound; Unavailable: the registry does not say.</exception>
    public async Task<long> BlobSizeAsync(ImageReference repository, Digest digest, CancellationToken cancellation)
    {
        using var response = await transport.SendAsync(repository.Domain, HttpMethod.Head, $"/v2/{repository.Path}/blobs/{digest}", Pull(repository), null, cancellation);
        return response.IsSuccessStatusCode
            ? response.Content.Headers.ContentLength ?? throw new NaruException(ErrorKind.Unavailable, $"{repository.Domain} does not say how large {digest} is")
            : throw await RegistryErrors.ReadAsync(response, repository, push: false, cancellation);
    }

    /// <summary>Whether the repository has this manifest under its digest.</summary>
    public async Task<bool> ManifestExistsAsync(ImageReference reference, CancellationToken cancellation)
    {
        using var response = await transport.SendAsync(reference.Domain, HttpMethod.Head, ManifestPath(reference), Push(reference), AcceptManifests, cancellation);
        return response.IsSuccessStatusCode;
    }

    /// <summary>Uploads a blob, or has the registry take it from another of its repositories.</summary>
    /// <param name="open">Opens the content at its start; called again for another attempt.</param>
    /// <param name="mountFrom">A repository of the same registry that has it, null if none is known.</param>
    /// <param name="progress">Told the number of bytes sent so far.</param>
    public async Task<BlobPush> PushBlobAsync(ImageReference repository, Descriptor descriptor, Func<Stream> open, ImageReference? mountFrom, Action<long>? progress, CancellationToken cancellation)
    {
        if (await BlobExistsAsync(repository, descriptor.Digest, cancellation))
            return BlobPush.Existed;
        var mount = mountFrom is not null && mountFrom.Domain == repository.Domain ? mountFrom : null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var location = await StartUploadAsync(repository, descriptor.Digest, mount, cancellation);
                if (location is null)
                    return BlobPush.Mounted;
                await using var content = open();
                if (options.ChunkSize > 0 && descriptor.Size > options.ChunkSize)
                    location = await SendChunksAsync(repository, location, descriptor, content, progress, cancellation);
                else
                    await FinishUploadAsync(repository, location, descriptor, new ProgressContent(content, descriptor.Size, progress), cancellation);
                if (options.ChunkSize > 0 && descriptor.Size > options.ChunkSize)
                    await FinishUploadAsync(repository, location, descriptor, null, cancellation);
                return BlobPush.Sent;
            }
            catch (NaruException e) when (e.Kind == ErrorKind.Unavailable && attempt < options.Attempts)
            {
                await Task.Delay(transport.Delay(attempt), cancellation);
            }
        }
    }

    /// <summary>Puts a manifest or index under the reference's tag, or under its digest when it has no tag.</summary>
    public async Task<Digest> PushManifestAsync(ImageReference reference, string mediaType, byte[] content, CancellationToken cancellation)
    {
        var digest = Digest.Of(content);
        var path = $"/v2/{reference.Path}/manifests/{reference.Tag ?? digest.ToString()}";
        using var response = await transport.SendAsync(reference.Domain, HttpMethod.Put, path, Push(reference), Build, cancellation);
        return response.IsSuccessStatusCode ? digest : throw await RegistryErrors.ReadAsync(response, reference, push: true, cancellation);

        void Build(HttpRequestMessage request)
        {
            request.Content = new ByteArrayContent(content);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        }
    }

    /// <summary>All tags of a repository.</summary>
    public async Task<IReadOnlyList<string>> ListTagsAsync(ImageReference repository, CancellationToken cancellation)
    {
        List<string> all = [];
        await ListAsync(repository, $"/v2/{repository.Path}/tags/list", body => all.AddRange(JsonSerializer.Deserialize(body, RegistryJson.Default.TagsAnswer)?.Tags ?? []), cancellation);
        return all;
    }

    /// <summary>Everything that was pushed about a manifest: what the referrers API lists, and of a registry without one, what the tag of its fallback does (distribution-spec 1.1).</summary>
    /// <exception cref="NaruException">NotFound: the repository; Unavailable.</exception>
    public async Task<IReadOnlyList<Descriptor>> ListReferrersAsync(ImageReference repository, Digest subject, CancellationToken cancellation)
    {
        List<Descriptor> all = [];
        try
        {
            await ListAsync(repository, $"/v2/{repository.Path}/referrers/{subject}", body => all.AddRange(ImageIndex.Parse(body, MediaTypes.OciIndex).Manifests), cancellation);
            return all;
        }
        catch (NaruException e) when (e.Kind == ErrorKind.NotFound)
        {
        }

        try
        {
            var index = await GetManifestAsync(repository.WithTag(subject.ToString().Replace(':', '-')), cancellation);
            return ImageIndex.Parse(index.Content, index.Descriptor.MediaType).Manifests;
        }
        catch (NaruException e) when (e.Kind == ErrorKind.NotFound)
        {
            return [];
        }
    }

    /// <summary>Asks whether the registry takes the credentials (docker login).</summary>
    /// <exception cref="NaruException">Unauthenticated: it does not.</exception>
    public async Task CheckLoginAsync(string domain, CancellationToken cancellation)
    {
        using var response = await transport.SendAsync(domain, HttpMethod.Get, "/v2/", "", null, cancellation);
        if (response.IsSuccessStatusCode)
            return;
        var kind = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? ErrorKind.Unauthenticated : ErrorKind.Unavailable;
        throw new NaruException(kind, $"login attempt to {response.RequestMessage!.RequestUri} failed with status: {(int)response.StatusCode} {response.ReasonPhrase}");
    }

    /// <summary>Asks whether anybody is there; any answer will do.</summary>
    /// <exception cref="NaruException">Unavailable: nobody.</exception>
    public Task PingAsync(string domain, CancellationToken cancellation) => transport.ReachAsync(domain, cancellation);

    /// <summary>Whether this registry was found to speak plain http. Known after the first request to it.</summary>
    public bool IsPlain(string domain) => transport.SchemeOf(domain) == "http";

    public void Dispose() => transport.Dispose();

    /// <summary>Reads a list, page by page.</summary>
    private async Task ListAsync(ImageReference repository, string first, Action<byte[]> read, CancellationToken cancellation)
    {
        var path = first;
        for (var page = 0; path is not null && page < MostPages; page++)
        {
            using var response = await transport.SendAsync(repository.Domain, HttpMethod.Get, path, Pull(repository), null, cancellation);
            if (!response.IsSuccessStatusCode)
                throw await RegistryErrors.ReadAsync(response, repository, push: false, cancellation);
            try
            {
                read(await RegistryErrors.ReadLimitedAsync(response, cancellation, ManifestKind.MaximumSize));
            }
            catch (JsonException e)
            {
                throw new NaruException(ErrorKind.Unavailable, $"invalid answer of {repository.Domain}: {e.Message}", e);
            }

            path = NextPage(response);
        }
    }

    /// <summary>RFC 8288: <c>&lt;/v2/…&gt;; rel="next"</c>. Null at the end, and for a page that another host has.</summary>
    private static string? NextPage(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Link", out var links) || links.First() is not ['<', ..] link || link.IndexOf('>') is not (> 0 and var end)
            || !link.Contains("rel=\"next\"", StringComparison.Ordinal) || !Uri.TryCreate(response.RequestMessage!.RequestUri, link[1..end], out var next))
            return null;
        return next.Authority == response.RequestMessage.RequestUri!.Authority ? next.PathAndQuery : null;
    }

    private static string Pull(ImageReference reference) => $"repository:{reference.Path}:pull";

    private static string Push(ImageReference reference) => $"repository:{reference.Path}:pull,push";

    private static string ManifestPath(ImageReference reference) =>
        $"/v2/{reference.Path}/manifests/{(reference.Digest.IsEmpty ? reference.Tag ?? ImageReference.DefaultTag : reference.Digest.ToString())}";

    private static void AcceptManifests(HttpRequestMessage request)
    {
        foreach (var type in ManifestTypes)
            request.Headers.Accept.ParseAdd(type);
    }

    private async Task<HttpResponseMessage> RequestBlobAsync(ImageReference repository, Descriptor descriptor, long offset, CancellationToken cancellation)
    {
        var kind = MediaTypes.IsManifest(descriptor.MediaType) || MediaTypes.IsIndex(descriptor.MediaType) ? "manifests" : "blobs";
        var response = await transport.SendAsync(repository.Domain, HttpMethod.Get, $"/v2/{repository.Path}/{kind}/{descriptor.Digest}", Pull(repository), Build, cancellation);
        if (response.StatusCode == HttpStatusCode.NotFound && descriptor.Urls is { Count: > 0 } urls && MediaTypes.IsForeignLayer(descriptor.MediaType))
        {
            response.Dispose();
            response = await transport.SendAsync(repository.Domain, HttpMethod.Get, urls[0], "", Build, cancellation);
        }

        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await RegistryErrors.ReadAsync(response, repository, push: false, cancellation);

        void Build(HttpRequestMessage request)
        {
            if (kind == "manifests")
                AcceptManifests(request);
            if (offset > 0)
                request.Headers.Range = new RangeHeaderValue(offset, null);
        }
    }

    /// <summary>Where to upload to; null when the mount made that needless.</summary>
    private async Task<string?> StartUploadAsync(ImageReference repository, Digest digest, ImageReference? mount, CancellationToken cancellation)
    {
        var path = $"/v2/{repository.Path}/blobs/uploads/";
        var scopes = Push(repository);
        if (mount is not null)
        {
            path += $"?mount={Uri.EscapeDataString(digest.ToString())}&from={Uri.EscapeDataString(mount.Path)}";
            scopes += $" repository:{mount.Path}:pull";
        }

        using var response = await transport.SendAsync(repository.Domain, HttpMethod.Post, path, scopes, r => r.Content = new ByteArrayContent([]), cancellation);
        if (response.StatusCode == HttpStatusCode.Created)
            return null;
        if (response.StatusCode == HttpStatusCode.Accepted)
            return Location(response);
        if (mount is not null && (int)response.StatusCode is 401 or 403)
            return await StartUploadAsync(repository, digest, null, cancellation);
        throw await RegistryErrors.ReadAsync(response, repository, push: true, cancellation);
    }

    private async Task<string> SendChunksAsync(ImageReference repository, string location, Descriptor descriptor, Stream content, Action<long>? progress, CancellationToken cancellation)
    {
        var buffer = new byte[options.ChunkSize];
        long sent = 0;
        while (sent < descriptor.Size)
        {
            var length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
            if (length == 0)
                throw NaruException.Invalid($"{descriptor.Digest} is shorter than {descriptor.Size} bytes");
            using var response = await transport.SendAsync(repository.Domain, HttpMethod.Patch, location, Push(repository), Build, cancellation, retry: false);
            if (response.StatusCode != HttpStatusCode.Accepted)
                throw await RegistryErrors.ReadAsync(response, repository, push: true, cancellation);
            location = Location(response);
            sent += length;
            progress?.Invoke(sent);

            void Build(HttpRequestMessage request)
            {
                request.Content = new ByteArrayContent(buffer, 0, length);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                request.Content.Headers.TryAddWithoutValidation("Content-Range", $"{sent}-{sent + length - 1}");
            }
        }

        return location;
    }

    private async Task FinishUploadAsync(ImageReference repository, string location, Descriptor descriptor, HttpContent? content, CancellationToken cancellation)
    {
        var target = location + (location.Contains('?') ? "&" : "?") + "digest=" + Uri.EscapeDataString(descriptor.Digest.ToString());
        using var response = await transport.SendAsync(repository.Domain, HttpMethod.Put, target, Push(repository), Build, cancellation, retry: false);
        if (!response.IsSuccessStatusCode)
            throw await RegistryErrors.ReadAsync(response, repository, push: true, cancellation);

        void Build(HttpRequestMessage request)
        {
            request.Content = content ?? new ByteArrayContent([]);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        }
    }

    private static string Location(HttpResponseMessage response) =>
        response.Headers.Location?.OriginalString ?? throw new NaruException(ErrorKind.Unavailable, "the registry gave no Location for an upload");
}
