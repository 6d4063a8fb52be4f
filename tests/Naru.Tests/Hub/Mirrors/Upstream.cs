using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Naru.Oci;

namespace Naru.Tests.Hub.Mirrors;

/// <summary>A registry that can be pulled from, as a test wants it: slow, wrong, unwilling, gone.</summary>
internal sealed class Upstream : IDisposable
{
    private readonly ConcurrentDictionary<string, Content> contents = new();
    private readonly ConcurrentDictionary<string, int> requests = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public Upstream()
    {
        listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        _ = Serve();
    }

    public Uri Address { get; }

    /// <summary>The status of every answer; 0 for the right one.</summary>
    public int Refusal { get; set; }

    /// <summary>Blobs stop in the middle until this is done.</summary>
    public Task Middle { get; set; } = Task.CompletedTask;

    /// <summary>So many times a blob's connection is cut in its middle.</summary>
    public int Cuts { get; set; }

    /// <summary>How often something was asked for: <c>GET /v2/a/blobs/sha256:…</c>.</summary>
    public int Asked(string request) => requests.GetValueOrDefault(request);

    /// <summary>How many requests there were.</summary>
    public int AskedAtAll => requests.Values.Sum();

    public Digest AddBlob(string repository, byte[] content)
    {
        var digest = Digest.Of(content);
        contents[$"/v2/{repository}/blobs/{digest}"] = new Content("application/octet-stream", content, digest);
        return digest;
    }

    /// <summary>Adds an image of one layer; the digest of its manifest.</summary>
    public Digest AddImage(string repository, string tag, byte[] layer)
    {
        var config = Encoding.UTF8.GetBytes($$$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["{{{Digest.Of(layer)}}}"]}}""");
        var manifest = Encoding.UTF8.GetBytes($$$"""
            {"schemaVersion":2,"mediaType":"{{{MediaTypes.OciManifest}}}","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{AddBlob(repository, config)}}}","size":{{{config.Length}}}},
            "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{{{AddBlob(repository, layer)}}}","size":{{{layer.Length}}}}]}
            """);
        var content = new Content(MediaTypes.OciManifest, manifest, Digest.Of(manifest));
        contents[$"/v2/{repository}/manifests/{tag}"] = contents[$"/v2/{repository}/manifests/{content.Digest}"] = content;
        return content.Digest;
    }

    public void Remove(string path) => contents.TryRemove(path, out _);

    /// <summary>Gives other bytes of the same number for a blob.</summary>
    public void Damage(string repository, Digest digest)
    {
        var path = $"/v2/{repository}/blobs/{digest}";
        var wrong = contents[path].Bytes.ToArray();
        wrong[wrong.Length / 2] ^= 1;
        contents[path] = contents[path] with { Bytes = wrong };
    }

    /// <summary>Nobody is there any more.</summary>
    public void Dispose() => listener.Stop();

    private async Task Serve()
    {
        try
        {
            while (true)
                _ = Answer(await listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task Answer(TcpClient client)
    {
        try
        {
            using (client)
            {
                await using var stream = client.GetStream();
                var request = new StringBuilder();
                var buffer = new byte[4096];
                while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    var count = await stream.ReadAsync(buffer);

                    // What begins so is TLS, which this does not speak.
                    if (count == 0 || (request.Length == 0 && buffer[0] == 0x16))
                        return;
                    request.Append(Encoding.ASCII.GetString(buffer, 0, count));
                }

                await Answer(stream, request.ToString());
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
        }
    }

    private async Task Answer(NetworkStream stream, string request)
    {
        var words = request.Split(' ', 3);
        words[1] = words[1].Split('?')[0];
        requests.AddOrUpdate($"{words[0]} {words[1]}", 1, (_, count) => count + 1);
        if (Refusal != 0 || words[1] == "/v2/" || !contents.TryGetValue(words[1], out var content))
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {(Refusal != 0 ? Refusal : words[1] == "/v2/" ? 200 : 404)} x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            return;
        }

        var range = request.IndexOf("Range: bytes=", StringComparison.OrdinalIgnoreCase);
        var from = range < 0 ? 0 : int.Parse(request.AsSpan(range + "Range: bytes=".Length, request.IndexOf('-', range) - range - "Range: bytes=".Length));
        var bytes = content.Bytes.AsMemory(from);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {(from > 0 ? $"206 x\r\nContent-Range: bytes {from}-{content.Bytes.Length - 1}/{content.Bytes.Length}" : "200 x")}\r\n"
            + $"Content-Type: {content.Type}\r\nContent-Length: {bytes.Length}\r\nDocker-Content-Digest: {content.Digest}\r\nConnection: close\r\n\r\n"));
        if (words[0] == "HEAD")
            return;
        await stream.WriteAsync(bytes[..(bytes.Length / 2)]);
        if (content.Type == "application/octet-stream")
        {
            if (Cuts > 0)
            {
                Cuts--;
                return;
            }

            await Middle;
        }

        await stream.WriteAsync(bytes[(bytes.Length / 2)..]);
    }

    private sealed record Content(string Type, byte[] Bytes, Digest Digest);
}
