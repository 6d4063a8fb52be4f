using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Naru.Chain.Tests;

/// <summary>Pushes small images to hubs, remembers those whose push was acknowledged, and asks for them again.</summary>
internal sealed class HubPusher : IDisposable
{
    private const string MediaType = "application/vnd.oci.image.manifest.v1+json";

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly int _layerSize;

    /// <param name="account"><c>name:password</c> of who pushes; null for nobody.</param>
    public HubPusher(string? account = null, int layerSize = 200_000)
    {
        _layerSize = layerSize;
        if (account is not null)
            _http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(account)));
    }

    /// <summary>Repository and tag, and the digest of the manifest that was acknowledged.</summary>
    public ConcurrentDictionary<string, string> Acknowledged { get; } = new();

    public static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Pushes one image, each request to the next of <paramref name="hosts"/>. False when a request failed: nothing is known of it then.</summary>
    public async Task<bool> Push(string[] hosts, string repository, string tag, int seed)
    {
        try
        {
            var turn = seed;
            string Next() => $"http://{hosts[turn++ % hosts.Length]}";
            var layer = new byte[_layerSize];
            new Random(seed).NextBytes(layer);
            var shared = Encoding.UTF8.GetBytes("what every image has");
            var config = Encoding.UTF8.GetBytes($$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["{{Digest(shared)}}","{{Digest(layer)}}"]} }""");
            foreach (var blob in (byte[][])[shared, layer, config])
                await PushBlob(Next, repository, blob);
            var manifest = Encoding.UTF8.GetBytes($$"""
                {"schemaVersion":2,"mediaType":"{{MediaType}}","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{Digest(config)}}","size":{{config.Length}} },
                "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{{Digest(shared)}}","size":{{shared.Length}} },{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{{Digest(layer)}}","size":{{layer.Length}} }]}
                """);
            using var body = new ByteArrayContent(manifest);
            body.Headers.ContentType = new(MediaType);
            using var put = await _http.PutAsync($"{Next()}/v2/{repository}/manifests/{tag}", body);
            if (put.StatusCode == HttpStatusCode.Created)
                Acknowledged[$"{repository}:{tag}"] = Digest(manifest);
            return put.StatusCode == HttpStatusCode.Created;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Deletes the tag, and forgets that it was acknowledged: from the moment it is asked, either is right.</summary>
    public async Task Delete(string host, string repository, string tag)
    {
        if (!Acknowledged.TryRemove($"{repository}:{tag}", out var digest))
            return;
        try
        {
            (await _http.DeleteAsync($"http://{host}/v2/{repository}/manifests/{digest}")).Dispose();
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
        }
    }

    /// <summary>Reads everything that was acknowledged, and checks each digest.</summary>
    /// <param name="below">Where the repositories are there: <c>docker.io/</c>.</param>
    public async Task ReadAll(string host, string below = "")
    {
        foreach (var (name, digest) in Acknowledged)
        {
            var (repository, tag) = (below + name.Split(':')[0], name.Split(':')[1]);
            var manifest = await Read($"http://{host}/v2/{repository}/manifests/{tag}");
            Assert.Equal(digest, Digest(manifest));
            var root = JsonDocument.Parse(manifest).RootElement;
            foreach (var part in root.GetProperty("layers").EnumerateArray().Append(root.GetProperty("config")))
            {
                var named = part.GetProperty("digest").GetString()!;
                Assert.Equal(named, Digest(await Read($"http://{host}/v2/{repository}/blobs/{named}")));
            }
        }
    }

    /// <summary>The digest of an image's first layer.</summary>
    public async Task<string> FirstLayer(string host, string repository, string tag) =>
        JsonDocument.Parse(await _http.GetByteArrayAsync($"http://{host}/v2/{repository}/manifests/{tag}")).RootElement.GetProperty("layers")[0].GetProperty("digest").GetString()!;

    public void Dispose() => _http.Dispose();

    private async Task<byte[]> Read(string address)
    {
        using var answer = await _http.GetAsync(address);
        var content = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode}: {Encoding.UTF8.GetString(content)}");
        return content;
    }

    private async Task PushBlob(Func<string> next, string repository, byte[] blob)
    {
        using var head = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"{next()}/v2/{repository}/blobs/{Digest(blob)}"));
        if (head.StatusCode == HttpStatusCode.OK)
            return;
        using var begun = (await _http.PostAsync($"{next()}/v2/{repository}/blobs/uploads/", null)).EnsureSuccessStatusCode();
        var place = begun.Headers.Location!.IsAbsoluteUri ? begun.Headers.Location.PathAndQuery : begun.Headers.Location.OriginalString;

        // Two pieces, so that the second may come to another process.
        using var first = new ByteArrayContent(blob, 0, blob.Length / 2);
        using var patched = (await _http.PatchAsync(next() + place, first)).EnsureSuccessStatusCode();

        // Where to go on: docker-registry names another place after each piece, with a query.
        place = patched.Headers.Location!.IsAbsoluteUri ? patched.Headers.Location.PathAndQuery : patched.Headers.Location.OriginalString;
        using var rest = new ByteArrayContent(blob, blob.Length / 2, blob.Length - blob.Length / 2);
        (await _http.PutAsync($"{next()}{place}{(place.Contains('?') ? '&' : '?')}digest={Digest(blob)}", rest)).EnsureSuccessStatusCode().Dispose();
    }
}
