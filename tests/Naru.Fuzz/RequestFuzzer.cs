using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Naru.Fuzz;

/// <summary>Sends requests that were changed at random to an open naru-hub: it may refuse them or hang up, but not fail, tell of its inside, or be gone.</summary>
public sealed class RequestFuzzer(int port, Random random)
{
    private const string Blob = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    private const string Manifest = "application/vnd.oci.image.manifest.v1+json";

    private const string Body =
        $$$"""{"schemaVersion":2,"mediaType":"{{{Manifest}}}","config":{"mediaType":"application/x","digest":"{{{Blob}}}","size":5},"layers":[],"subject":{"mediaType":"{{{Manifest}}}","digest":"{{{Blob}}}","size":5}}""";

    /// <summary>A request whose length was changed may wait for bytes that never come: then it is left alone.</summary>
    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(250);

    private static readonly string[] s_pieces =
    [
        "..", "/", "//", "%2f", "%2e%2e", "%00", "%ff", "%", "?", "&", "=", "#", ":", "@", "sha256:", "sha512:", Blob, "bytes=", "0-", "-", "9223372036854775807", "99999999999999999999", "-1", ",", ";", "\"", "W/", "*",
        "\r\n", "\0", "\u007f", "é", "😀", "'; DROP TABLE tag;--", "<script>", "blobs/uploads/", "manifests/", "tags/list", "referrers/", "_catalog", "?mount=", "&from=", "?digest=", "?n=", "&last=", "?artifactType=",
        "Content-Range: 0-4\r\n", "Range: bytes=1-\r\n", "If-Range: x\r\n", "If-None-Match: *\r\n", "Transfer-Encoding: chunked\r\n", "Expect: 100-continue\r\n", "Authorization: Bearer x.y.z\r\n", "Authorization: Basic Og==\r\n",
        "Content-Type: " + Manifest + "\r\n", "Accept: */*\r\n", "HTTP/1.0", "HEAD ", "DELETE ", "PATCH ", "null", "{", "[",
    ];

    /// <summary>Heads without their last line; the body comes after a NUL.</summary>
    private readonly byte[][] seeds =
    [
        Seed("GET /v2/ HTTP/1.1"),
        Seed("GET /v2/_catalog?n=5&last=a HTTP/1.1"),
        Seed("GET /v2/fuzz/a/tags/list?n=3&last=v1 HTTP/1.1"),
        Seed($"GET /v2/fuzz/a/blobs/{Blob} HTTP/1.1\r\nRange: bytes=1-3\r\nIf-Range: \"{Blob}\""),
        Seed($"HEAD /v2/fuzz/a/blobs/{Blob} HTTP/1.1\r\nIf-None-Match: \"{Blob}\", W/\"x\""),
        Seed($"GET /v2/fuzz/a/manifests/v1 HTTP/1.1\r\nAccept: {Manifest}, */*;q=0.5"),
        Seed($"GET /v2/fuzz/a/referrers/{Blob}?artifactType=application%2Fx HTTP/1.1"),
        Seed("POST /v2/fuzz/a/blobs/uploads/ HTTP/1.1", ""),
        Seed($"POST /v2/fuzz/a/blobs/uploads/?digest={Blob} HTTP/1.1\r\nContent-Type: application/octet-stream", "hello"),
        Seed($"POST /v2/fuzz/b/blobs/uploads/?mount={Blob}&from=fuzz/a HTTP/1.1", ""),
        Seed("PATCH /v2/fuzz/a/blobs/uploads/UPLOAD HTTP/1.1\r\nContent-Range: 0-4", "hello"),
        Seed("GET /v2/fuzz/a/blobs/uploads/UPLOAD HTTP/1.1"),
        Seed($"PUT /v2/fuzz/a/blobs/uploads/UPLOAD?digest={Blob} HTTP/1.1\r\nContent-Range: 0-4", "hello"),
        Seed($"PUT /v2/fuzz/a/manifests/v1 HTTP/1.1\r\nContent-Type: {Manifest}", Body),
        Seed($"PUT /v2/fuzz/a/manifests/v2 HTTP/1.1\r\nContent-Type: {Manifest}", Body),
        Seed("DELETE /v2/fuzz/a/manifests/v2 HTTP/1.1"),
        Seed("DELETE /v2/fuzz/a/blobs/uploads/UPLOAD HTTP/1.1"),
        Seed("GET /v1/search?q=fuzz&n=5&page=2 HTTP/1.1"),
        Seed("GET /token?service=x&scope=repository:fuzz/a:pull,push&scope=registry:catalog:* HTTP/1.1\r\nAuthorization: Basic YTpi"),
        Seed("GET /healthz HTTP/1.1"),
    ];

    /// <returns>0: all went well. 1: a request failed; it is in the file that the output names.</returns>
    public static int Run(TimeSpan time, int port)
    {
        var seed = Environment.TickCount;
        var fuzzer = new RequestFuzzer(port, new Random(seed));
        var count = 0;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time; count++)
        {
            if (fuzzer.Next() is { } fault)
            {
                var file = Path.GetTempFileName();
                File.WriteAllBytes(file, fault.Request);
                Console.Error.WriteLine($"seed {seed}, {count} before it, {file}: {fault.Why}");
                return 1;
            }
        }

        Console.WriteLine($"{count} requests in {time.TotalSeconds:F0} s");
        return 0;
    }

    /// <summary>Sends one more.</summary>
    /// <returns>The request that did harm and how; null: none was done.</returns>
    public (byte[] Request, string Why)? Next()
    {
        var request = Request(out var upload);
        var answer = Encoding.Latin1.GetString(Send(request, s_wait));

        // One client may not have so many open as are begun here.
        if (upload is not null)
            Send(Encoding.ASCII.GetBytes($"DELETE /v2/fuzz/a/blobs/uploads/{upload} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), TimeSpan.FromSeconds(10));
        if (answer.StartsWith("HTTP/1.1 5", StringComparison.Ordinal) && !answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal))
            return (request, answer);
        if (answer.Contains("   at ", StringComparison.Ordinal) || answer.Contains("Exception", StringComparison.Ordinal))
            return (request, answer);
        return Encoding.Latin1.GetString(Send("GET /v2/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"u8.ToArray(), TimeSpan.FromSeconds(10))).StartsWith("HTTP/1.1 200", StringComparison.Ordinal)
            ? null
            : (request, "the server is not well after it");
    }

    /// <param name="upload">The id of the upload that it is about; null: of none that is known.</param>
    private byte[] Request(out string? upload)
    {
        var seed = seeds[random.Next(seeds.Length)];
        upload = null;
        if (seed.AsSpan().IndexOf("UPLOAD"u8) is var at && at >= 0)
        {
            upload = Begin();
            seed = [.. seed.AsSpan(0, at), .. Encoding.Latin1.GetBytes(upload), .. seed.AsSpan(at + "UPLOAD".Length)];
        }

        var end = seed.AsSpan().IndexOf((byte)0);
        var (head, body) = end < 0 ? (seed, []) : (seed[..end], seed[(end + 1)..]);
        if (body.Length == 0 || random.Next(2) == 0)
            head = Changes.Of(head, seeds, s_pieces, random);
        else
            body = Changes.Of(body, seeds, s_pieces, random);
        var length = random.Next(20) == 0 ? random.Next(1000) : body.Length;
        var framing = end < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n");
        return [.. head, .. Encoding.ASCII.GetBytes($"\r\nHost: a\r\nConnection: close\r\n{framing}\r\n"), .. body];
    }

    /// <summary>The id of a new upload, which needs no other request to be well.</summary>
    private string Begin()
    {
        var answer = Encoding.Latin1.GetString(Send("POST /v2/fuzz/a/blobs/uploads/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), TimeSpan.FromSeconds(10)));
        var at = answer.IndexOf("/uploads/", StringComparison.Ordinal) + "/uploads/".Length;
        return answer[at..answer.IndexOfAny(['\r', '?'], at)];
    }

    private byte[] Send(byte[] request, TimeSpan wait)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = (int)wait.TotalMilliseconds, SendTimeout = (int)wait.TotalMilliseconds };
        var answer = new MemoryStream();
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            for (var sent = 0; sent < request.Length;)
                sent += socket.Send(request.AsSpan(sent));
            var buffer = new byte[16 << 10];
            for (int count; (count = socket.Receive(buffer)) > 0;)
                answer.Write(buffer, 0, count);
        }
        catch (SocketException)
        {
            // it waits for more, or has hung up: what came until then counts
        }

        return answer.ToArray();
    }

    private static byte[] Seed(string head, string? body = null) => Encoding.Latin1.GetBytes(body is null ? head : $"{head}\0{body}");
}
