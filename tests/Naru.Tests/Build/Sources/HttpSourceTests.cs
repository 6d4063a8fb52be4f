using System.Text;
using Naru.Base;
using Naru.Build.Context;
using Naru.Build.Graph;
using Naru.Build.Progress;
using Naru.Build.Sources;
using Naru.Oci;

namespace Naru.Tests.Build.Sources;

public sealed class HttpSourceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("naru-http-").FullName;
    private readonly HttpSource source;

    public HttpSourceTests() => source = new HttpSource(folder);

    [Fact]
    public async Task A_file_comes_with_its_name_mode_and_the_servers_time()
    {
        using var server = new SmallServer(_ => SmallServer.Answer("200 OK\r\nLast-Modified: Sun, 09 Sep 2001 01:46:40 GMT", "hello"));
        var (_, fetched) = await Fetch(Step(server.Url + "/x"));
        using (fetched)
        {
            var file = Path.Combine(fetched.Path, "file");
            Assert.Equal("hello", File.ReadAllText(file));
            Assert.Equal(DateTime.UnixEpoch.AddSeconds(1_000_000_000), File.GetLastWriteTimeUtc(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(Digest.Of("hello"u8).Hex, Convert.ToHexStringLower(fetched.KnownDigest("file")!));
        }
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        using var server = new SmallServer(request => request.Contains("If-None-Match: \"one\"", StringComparison.Ordinal)
            ? Encoding.ASCII.GetBytes("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n")
            : SmallServer.Answer("200 OK\r\nETag: \"one\"", "hello"));
        var first = await Fetch(Step(server.Url));
        var second = await Fetch(Step(server.Url));
        Assert.Equal(first.Identity, second.Identity);
        Assert.Equal("hello", File.ReadAllText(Path.Combine(second.Folder.Path, "file")));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Another_content_has_another_identity()
    {
        var body = "one";
        using var server = new SmallServer(_ => SmallServer.Answer("200 OK", body));
        var first = await Fetch(Step(server.Url));
        body = "two";
        Assert.NotEqual(first.Identity, (await Fetch(Step(server.Url))).Identity);
    }

    [Fact]
    public async Task A_broken_download_is_taken_up_where_it_broke()
    {
        using var server = new SmallServer(request => request.Contains("Range: bytes=5-", StringComparison.Ordinal) && request.Contains("If-Range: \"one\"", StringComparison.Ordinal)
            ? SmallServer.Answer("206 Partial Content\r\nETag: \"one\"\r\nContent-Range: bytes 5-9/10", "world")
            : SmallServer.Answer("200 OK\r\nETag: \"one\"", "hello", length: 10));
        var (_, fetched) = await Fetch(Step(server.Url, Digest.Of("helloworld"u8)));
        Assert.Equal("helloworld", File.ReadAllText(Path.Combine(fetched.Path, "file")));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_broken_download_of_what_changed_meanwhile_begins_anew()
    {
        var asked = 0;
        using var server = new SmallServer(_ => asked++ == 0
            ? SmallServer.Answer("200 OK\r\nETag: \"one\"", "hello", length: 10) : SmallServer.Answer("200 OK\r\nETag: \"two\"", "other"));
        var (_, fetched) = await Fetch(Step(server.Url));
        Assert.Equal("other", File.ReadAllText(Path.Combine(fetched.Path, "file")));
    }

    [Fact]
    public async Task A_redirect_is_followed()
    {
        using var server = new SmallServer(request => request.StartsWith("GET /there", StringComparison.Ordinal)
            ? SmallServer.Answer("200 OK", "hello") : SmallServer.Answer("302 Found\r\nLocation: /there", ""));
        var (_, fetched) = await Fetch(Step(server.Url + "/here"));
        Assert.Equal("hello", File.ReadAllText(Path.Combine(fetched.Path, "file")));
    }

    [Fact]
    public async Task What_has_its_checksum_already_is_not_asked_for()
    {
        using var server = new SmallServer(_ => SmallServer.Answer("200 OK", "hello"));
        var step = Step(server.Url, Digest.Of("hello"u8));
        await Fetch(step);
        await Fetch(step);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Another_content_than_the_checksum_says_is_refused()
    {
        using var server = new SmallServer(_ => SmallServer.Answer("200 OK", "hello"));
        var wanted = Digest.Of("other"u8);
        var failure = await Assert.ThrowsAsync<NaruException>(() => Fetch(Step(server.Url, wanted)));
        Assert.Equal($"digest mismatch {Digest.Of("hello"u8)}: {wanted}", failure.Message);
    }

    [Fact]
    public async Task A_status_that_is_no_success_is_told()
    {
        using var server = new SmallServer(_ => SmallServer.Answer("404 Not Found", "no"));
        Assert.Equal("invalid response status 404", (await Assert.ThrowsAsync<NaruException>(() => Fetch(Step(server.Url)))).Message);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_in_gos_words()
    {
        var url = "";
        using (var server = new SmallServer(_ => []))
            url = server.Url;
        var failure = await Assert.ThrowsAsync<NaruException>(() => Fetch(Step(url + "/x")));
        Assert.Equal($"Get \"{url}/x\": dial tcp {new Uri(url).Authority}: connect: connection refused", failure.Message);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("")]
    public async Task A_file_name_that_leaves_its_folder_is_refused(string name) =>
        await Assert.ThrowsAsync<NaruException>(() => source.Fetch(Step("http://127.0.0.1:1/", name: name), Watcher(), default));

    [Fact]
    public async Task What_is_in_use_is_not_pruned()
    {
        using var server = new SmallServer(_ => SmallServer.Answer("200 OK", "hello"));
        var (_, fetched) = await Fetch(Step(server.Url));
        Assert.Equal(0, source.Kept.Trim(0));
        fetched.Dispose();
        Assert.NotEqual(0, source.Kept.Trim(0));
        Assert.Empty(Directory.GetDirectories(folder));
    }

    public void Dispose()
    {
        source.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    internal static StepWatcher Watcher() => new(Digest.Of(""u8), new BuildProgress());

    private static HttpStep Step(string url, Digest checksum = default, string name = "file") =>
        new() { Name = "step", Platform = Platform.Host, Url = url, FileName = name, Checksum = checksum };

    private Task<(Digest Identity, ContextFolder Folder)> Fetch(HttpStep step) => source.Fetch(step, Watcher(), default);
}
