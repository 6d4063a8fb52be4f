using System.Text;
using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Http;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.BadInput;

/// <summary>Bodies that end early or lie, connections that break, HTTP that is none.</summary>
[Collection(HubCollection.Name)]
public sealed class HubTransferTests(HubServer server) : HubInput(server)
{
    [Fact]
    public void A_wrong_digest_is_DIGEST_INVALID_and_leaves_no_file()
    {
        var blob = Unique(10_000);
        PushBlob(Unique(10));
        var before = Files();
        Refused("DIGEST_INVALID", 400, PutBlob(blob, Digest.Unknown()));
        Refused("DIGEST_INVALID", 400, Wire.Post($"{Uploads}?digest={Digest.Unknown()}", blob));
        Wire.Head(BlobPath(Digest.Of(blob))).Is(404);
        Assert.Equal(before, Files());
    }

    [Fact]
    public void A_cancelled_upload_leaves_no_file()
    {
        var before = Files();
        var location = Begin();
        Wire.Patch(location, Unique(10_000)).Is(202);
        Wire.Delete(location).Is(204);
        Assert.Equal(before, Files());
    }

    [Fact]
    public void A_single_POST_that_is_cut_leaves_no_file()
    {
        PushBlob(Unique(10));
        var before = Files();
        var blob = Unique(200_000);
        Cut("POST", $"{Uploads}?digest={Digest.Of(blob)}", blob, 100_000);
        Naru.Chain.Tests.Command.Until(() => Files() == before, "the upload of a client that is gone to go too");
        Wire.Head(BlobPath(Digest.Of(blob))).Is(404);
    }

    [Fact]
    public void A_blob_that_is_cut_is_not_kept_and_goes_on_where_it_ended()
    {
        var blob = Unique(200_000);
        var location = Begin();
        Cut("PATCH", location, blob, 100_000);
        var last = int.Parse(Wire.Get(location).Is(204).Must("Range").Split('-')[1]);
        Assert.InRange(last, 0, 99_999);
        var from = last == 0 ? 0 : last + 1;
        Wire.Patch(location, blob[from..], $"Content-Range: {from}-199999").Is(202);
        Finish(location, Digest.Of(blob)).Is(201);
    }

    [Fact]
    public void A_manifest_that_is_cut_is_not_kept()
    {
        var manifest = NewImage().Bytes();
        Cut("PUT", ManifestPath("cut"), [.. manifest, .. new byte[1000]], manifest.Length);
        Wire.Get(ManifestPath("cut")).Is(404);
        Wire.Get(ManifestPath(Digest.Of(manifest))).Is(404);
    }

    [Fact]
    public void A_body_shorter_than_its_Content_Length_is_refused_in_the_specs_form()
    {
        using var connection = new Connection(Wire.Port);
        connection.Write(Wire.RequestHead("PUT", ManifestPath("short"), null, "Content-Type: " + MediaTypes.Manifest, "Content-Length: 1000"));
        connection.Write("{}");
        connection.EndWriting();
        var bytes = connection.ReadToEnd();
        if (bytes.Length > 0)
            Sane(new Answer("PUT short", bytes, false)).Is(400);
        Wire.Get(ManifestPath("short")).Is(404);
    }

    [Fact]
    public void Chunks_of_HTTP_that_are_none_are_refused()
    {
        foreach (var body in (string[])["zz\r\nhello\r\n0\r\n\r\n", "-1\r\n\r\n", "ffffffffffffffff\r\nx", "5\r\nhelloworld\r\n0\r\n\r\n", "5 5\r\nhello\r\n0\r\n\r\n"])
        {
            var blob = "hello"u8.ToArray();
            using var connection = new Connection(Wire.Port);
            connection.Write(Wire.RequestHead("PUT", With(Begin(), "digest=" + Digest.Of(blob)), null, "Transfer-Encoding: chunked"));
            connection.Write(body);
            connection.EndWriting();
            var bytes = connection.ReadToEnd();
            if (bytes.Length > 0)
                Sane(new Answer("PUT chunked", bytes, false)).Is(400);
        }
        Wire.Head(BlobPath(Digest.Of("hello"u8))).Is(404);
    }

    [Theory]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("PUT /v2/x/manifests/a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/9.9\r\nHost: a\r\n\r\n")]
    [InlineData("GET  /v2/ HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /v2/\0 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n")]
    [InlineData("\0\0\0\0\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n")]
    [InlineData("GET http://evil.example/v2/../x HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example:80\r\n\r\n")]
    public void HTTP_that_is_none_is_refused(string request)
    {
        using var connection = new Connection(Wire.Port);
        connection.Write(request);
        connection.EndWriting();
        var said = Encoding.Latin1.GetString(connection.ReadToEnd());
        Assert.True(said.Length == 0 || said.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) || said.StartsWith("HTTP/1.1 505", StringComparison.Ordinal), said);
    }

    [Fact]
    public void A_length_and_chunks_in_one_request_are_one_request()
    {
        // RFC 9112, section 6.1: what follows the chunks must not be taken for a second request's beginning on a connection that goes on.
        using var connection = new Connection(Wire.Port);
        connection.Write($"POST {Uploads} HTTP/1.1\r\nHost: a\r\nContent-Length: 44\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v2/smuggled/tags/list HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        var said = Encoding.Latin1.GetString(connection.ReadToEnd());
        Assert.Equal(1, said.Split("HTTP/1.1 ").Length - 1);
    }

    [Fact]
    public void Headers_without_end_are_refused()
    {
        using var connection = new Connection(Wire.Port);
        var request = new StringBuilder("GET /v2/ HTTP/1.1\r\nHost: a\r\n");
        for (var number = 0; number < 2000; number++)
            request.Append($"X-{number}: {new string('x', 100)}\r\n");
        try
        {
            connection.Write(request.ToString());
        }
        catch (System.Net.Sockets.SocketException)
        {
            // refused before all of it was sent
        }
        var said = Encoding.Latin1.GetString(connection.ReadToEnd());
        Assert.True(said.Length == 0 || said.StartsWith("HTTP/1.1 431", StringComparison.Ordinal), said);
    }

    [Fact]
    public void A_path_without_end_is_refused()
    {
        using var connection = new Connection(Wire.Port);
        connection.Write($"GET /v2/{new string('a', 20_000)} HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 414", Encoding.Latin1.GetString(connection.ReadToEnd()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_clients_that_leave_at_once_are_no_harm()
    {
        var blob = PushBlob(Unique(1 << 20));
        for (var client = 0; client < 100; client++)
        {
            using var connection = new Connection(Wire.Port);
            connection.Write(client % 2 == 0 ? Wire.RequestHead("GET", BlobPath(blob), null) : Wire.RequestHead("PATCH", Begin(), new byte[1 << 20]));
        }
        Wire.Get(BlobPath(blob)).Is(200);
    }

    /// <summary>Sends so many bytes of a body that says it is longer, and goes.</summary>
    private void Cut(string method, string target, byte[] body, int count)
    {
        using var connection = new Connection(Wire.Port);
        connection.Write(Wire.RequestHead(method, target, body, "Content-Type: " + MediaTypes.Manifest));
        connection.Write(body.AsSpan(0, count));
        connection.EndWriting();
        connection.ReadToEnd();
    }
}
