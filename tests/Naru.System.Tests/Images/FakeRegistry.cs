using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Naru.Oci;

namespace Naru.System.Tests.Images;

/// <summary>A registry on loopback that serves what a test puts there, and misbehaves as the test says. One request a connection.</summary>
internal sealed class FakeRegistry : IDisposable
{
    private const byte TlsHandshake = 22;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2? certificate;
    private readonly CancellationTokenSource stop = new();

    public FakeRegistry(X509Certificate2? certificate = null)
    {
        this.certificate = certificate;
        listener.Start();
        _ = Accept();
    }

    public string Host => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>What is served, by path.</summary>
    public ConcurrentDictionary<string, Answer> Answers { get; } = new();

    /// <summary>Asked first: an answer of its own to a request, or null.</summary>
    public Func<Request, Answer?> Misbehave { get; set; } = _ => null;

    public ConcurrentQueue<Request> Requests { get; } = new();

    public int Count(string method, string path) => Requests.Count(r => r.Method == method && r.Path == path);

    public Digest AddBlob(byte[] content, Digest? name = null)
    {
        var digest = name ?? Digest.Of(content);
        Answers[$"/v2/x/blobs/{digest}"] = new Answer(200, content);
        return digest;
    }

    /// <summary>Serves a document as the manifest of a tag and under its digest.</summary>
    public Digest AddManifest(string tag, string mediaType, byte[] content)
    {
        var answer = new Answer(200, content) { Headers = { ["Content-Type"] = mediaType } };
        Answers[$"/v2/x/manifests/{tag}"] = answer;
        Answers[$"/v2/x/manifests/{Digest.Of(content)}"] = answer;
        return Digest.Of(content);
    }

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
                _ = Serve(await listener.AcceptTcpClientAsync(stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Serve(TcpClient client)
    {
        try
        {
            using (client)
            {
                Stream stream = client.GetStream();
                if (certificate is not null)
                {
                    var secure = new SslStream(stream);
                    await secure.AuthenticateAsServerAsync(certificate);
                    stream = secure;
                }

                if (await Read(stream) is not { } request)
                    return;
                Requests.Enqueue(request);
                var answer = Misbehave(request) ?? Answers.GetValueOrDefault(request.Path) ?? new Answer(404, []);
                await Write(stream, request, answer);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or global::System.Security.Authentication.AuthenticationException)
        {
            // The client went away, or speaks no TLS: its to say.
        }
    }

    private async Task<Request?> Read(Stream stream)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, stop.Token) > 0)
        {
            if (lines.Count == 0 && line.Length == 0 && one[0] == TlsHandshake)
                return null;
            if (one[0] != '\n')
                line.Append((char)one[0]);
            else if (line.ToString().TrimEnd('\r') is { Length: > 0 } whole)
            {
                lines.Add(whole);
                line.Clear();
            }
            else
                break;
        }

        if (lines.Count == 0)
            return null;
        var words = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToLookup(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
        var body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"))];
        await stream.ReadExactlyAsync(body, stop.Token);
        return new Request(words[0], words[1], headers, body);
    }

    private async Task Write(Stream stream, Request request, Answer answer)
    {
        var from = answer.Ranges && request.Headers.TryGetValue("Range", out var range) ? int.Parse(range["bytes=".Length..].TrimEnd('-')) : 0;
        var body = answer.Body[from..];
        var head = new StringBuilder($"HTTP/1.1 {(from > 0 ? 206 : answer.Status)} x\r\nConnection: close\r\nContent-Length: {body.Length + answer.Missing}\r\n");
        if (from > 0)
            head.Append($"Content-Range: bytes {from}-{answer.Body.Length - 1}/{answer.Body.Length}\r\n");
        foreach (var (name, value) in answer.Headers)
            head.Append($"{name}: {value}\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + "\r\n"), stop.Token);
        if (request.Method != "HEAD")
            await stream.WriteAsync(body.AsMemory(0, Math.Min(body.Length, answer.CutAfter)), stop.Token);
        await stream.FlushAsync(stop.Token);
    }

    internal sealed record Request(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public string? Authorization => Headers.GetValueOrDefault("Authorization");
    }

    internal sealed record Answer(int Status, byte[] Body)
    {
        public Dictionary<string, string> Headers { get; init; } = [];

        /// <summary>The connection ends after so many bytes of the body.</summary>
        public int CutAfter { get; init; } = int.MaxValue;

        /// <summary>So many bytes more are announced than come.</summary>
        public int Missing { get; init; }

        public bool Ranges { get; init; } = true;
    }
}
