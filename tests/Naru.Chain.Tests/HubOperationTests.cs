using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Naru.Hub.Metadata;

namespace Naru.Chain.Tests;

/// <summary>What those who run a hub rely on: limits, figures, and what happens when the disk is full.</summary>
public sealed class HubOperationTests : IDisposable
{
    private const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    private const string Index = "application/vnd.oci.image.index.v1+json";

    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    public HubOperationTests()
    {
        foreach (var type in (string[])[Manifest, Index])
            _http.DefaultRequestHeaders.Accept.ParseAdd(type);
    }

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [ChainFact]
    public async Task A_full_disk_is_said_whoever_meets_it_and_all_is_well_when_there_is_room_again()
    {
        Directory.CreateDirectory(_folder["data"]);
        Command.Must("mount", "-t", "tmpfs", "-o", "size=48m", "nct", _folder["data"]);
        using var hub = Hub.Serving(_folder["data"], "--open");
        using var pusher = new HubPusher();
        Assert.True(await pusher.Push([hub.Host], "team/app", "1", 1));
        var config = HubPusher.Digest("{}"u8.ToArray());
        using (var blob = new ByteArrayContent("{}"u8.ToArray()))
            (await _http.PostAsync($"http://{hub.Host}/v2/team/app/blobs/uploads/?digest={config}", blob)).EnsureSuccessStatusCode().Dispose();
        Command.Run("dd", ["if=/dev/zero", $"of={_folder["data/filler"]}", "bs=64k"]);

        // The storage meets it, and the database, whose manifests are its own.
        var large = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"mediaType":"{{Manifest}}","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{{config}}","size":2},"layers":[],
            "annotations":{"large":"{{new string('x', 3_000_000)}}"} }
            """);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("507 UNKNOWN no space left on device", await Said(await Put(hub, "large", large)));
            using var blob = new ByteArrayContent(new byte[8_000_000]);
            Assert.Equal("507 UNKNOWN no space left on device", await Said(await _http.PostAsync($"http://{hub.Host}/v2/team/app/blobs/uploads/?digest={HubPusher.Digest(new byte[8_000_000])}", blob)));
            Assert.False(await pusher.Push([hub.Host], "team/app", "2", 2) && await pusher.Push([hub.Host], "team/app", "3", 3), "what is full took two images");
        }

        // What is there is served.
        await pusher.ReadAll(hub.Host);
        File.Delete(_folder["data/filler"]);
        Assert.Equal(HttpStatusCode.Created, (await Put(hub, "large", large)).StatusCode);
        Assert.True(await pusher.Push([hub.Host], "team/app", "4", 4));
        await pusher.ReadAll(hub.Host);
        var verified = hub.Run("verify");
        Assert.True(verified.Code == 0, verified.ToString());
    }

    [ChainFact]
    public async Task A_full_disk_does_not_keep_a_mirror_from_giving_what_it_has()
    {
        using var upstream = Hub.Open(_folder["upstream"]);
        using var pusher = new HubPusher(layerSize: 3_000_000);
        Assert.True(await pusher.Push([upstream.Host], "team/app", "1", 1));
        Directory.CreateDirectory(_folder["data"]);
        Command.Must("mount", "-t", "tmpfs", "-o", "size=32m", "nct", _folder["data"]);
        using var hub = Hub.Serving(_folder["data"], "--open", "--mirror", $"docker.io=http://{upstream.Host}");
        await pusher.ReadAll(hub.Host, "docker.io/");
        var first = pusher.Acknowledged["team/app:1"];
        Command.Run("dd", ["if=/dev/zero", $"of={_folder["data/filler"]}", "bs=64k"]);
        await pusher.ReadAll(hub.Host, "docker.io/");
        Assert.True(await pusher.Push([upstream.Host], "team/app", "2", 2));
        Assert.True(pusher.Acknowledged.TryRemove("team/app:2", out var second));
        using var manifest = await _http.GetAsync($"http://{upstream.Host}/v2/team/app/manifests/{second}");
        var layer = JsonDocument.Parse(await manifest.Content.ReadAsStringAsync()).RootElement.GetProperty("layers")[1].GetProperty("digest").GetString();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _http.GetByteArrayAsync($"http://{hub.Host}/v2/docker.io/team/app/blobs/{layer}"));
        await pusher.ReadAll(hub.Host, "docker.io/");
        File.Delete(_folder["data/filler"]);
        Assert.True(pusher.Acknowledged.TryAdd("team/app:2", second));
        await pusher.ReadAll(hub.Host, "docker.io/");
        Assert.NotEqual(first, second);
    }

    [ChainFact]
    public async Task A_pull_through_a_mirror_counts_and_an_index_with_its_image_counts_once()
    {
        using var upstream = Hub.Open(_folder["upstream"]);
        using var pusher = new HubPusher();
        Assert.True(await pusher.Push([upstream.Host], "team/app", "image", 1));
        var image = pusher.Acknowledged["team/app:image"];
        var size = (await _http.GetByteArrayAsync($"http://{upstream.Host}/v2/team/app/manifests/image")).Length;
        var index = Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{Index}}","manifests":[{"mediaType":"{{Manifest}}","digest":"{{image}}","size":{{size}} }]}""");
        Assert.Equal(HttpStatusCode.Created, (await Put(upstream, "1", index, Index)).StatusCode);
        using var hub = Hub.Serving(_folder["data"], "--mirror", $"docker.io=http://{upstream.Host}", "--pull-limit", "3");
        var at = $"http://{hub.Host}/v2/docker.io/team/app/manifests";
        Assert.Equal("200 3;w=21600", await Remaining(HttpMethod.Head, $"{at}/1"));
        Assert.Equal("200 2;w=21600", await Remaining(HttpMethod.Get, $"{at}/1"));
        Assert.Equal("200 2;w=21600", await Remaining(HttpMethod.Head, $"{at}/{image}"));
        Assert.Equal("200 2;w=21600", await Remaining(HttpMethod.Get, $"{at}/{image}"));
        Assert.Equal("200 1;w=21600", await Remaining(HttpMethod.Get, $"{at}/{HubPusher.Digest(index)}"));
        Assert.Equal("200 0;w=21600", await Remaining(HttpMethod.Get, $"{at}/image"));
        Assert.Equal("429 0;w=21600", await Remaining(HttpMethod.Get, $"{at}/1"));
        Assert.Equal("200 0;w=21600", await Remaining(HttpMethod.Get, $"{at}/{image}"));
        hub.Stop();
        await using var database = new SqliteDatabase(_folder["data/hub.db"]);
        Assert.Equal(2, await database.Read(session => session.Number("SELECT pulls FROM repository WHERE name = 'docker.io/team/app'"), default));
    }

    [ChainFact]
    public async Task The_figures_are_for_who_shows_the_token()
    {
        File.WriteAllText(_folder["token"], "0123456789abcdef-figures\n");
        using var hub = Hub.Serving(_folder["data"], "--metrics-token-file", _folder["token"]);

        // By way of a proxy that nobody told it of, so that this is not the machine itself.
        Assert.Equal(HttpStatusCode.NotFound, await Figures(hub, null));
        Assert.NotEqual(HttpStatusCode.OK, await Figures(hub, "0123456789abcdef-figureS"));
        Assert.NotEqual(HttpStatusCode.OK, await Figures(hub, ""));
        Assert.Equal(HttpStatusCode.OK, await Figures(hub, "0123456789abcdef-figures"));
        Assert.Contains("naru_hub", await _http.GetStringAsync($"http://{hub.Host}/metrics"));
        using var other = new HttpRequestMessage(HttpMethod.Get, $"http://{hub.Host}/v2/");
        other.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "0123456789abcdef-figures");
        using var refused = await _http.SendAsync(other);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        File.WriteAllText(_folder["token"], "short");
        var told = Command.Run(Programs.NaruHub, ["serve", "--data", _folder["other"], "--metrics-token-file", _folder["token"]]);
        Assert.Contains("must have 16 characters or more", told.Error);
    }

    private async Task<HttpStatusCode> Figures(Hub hub, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{hub.Host}/metrics");
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> Put(Hub hub, string tag, byte[] manifest, string type = Manifest)
    {
        using var body = new ByteArrayContent(manifest);
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        return await _http.PutAsync($"http://{hub.Host}/v2/team/app/manifests/{tag}", body);
    }

    private static async Task<string> Said(HttpResponseMessage answer)
    {
        using (answer)
        {
            var error = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("errors")[0];
            return $"{(int)answer.StatusCode} {error.GetProperty("code").GetString()} {error.GetProperty("message").GetString()}";
        }
    }

    private async Task<string> Remaining(HttpMethod method, string address)
    {
        using var answer = await _http.SendAsync(new HttpRequestMessage(method, address));
        return $"{(int)answer.StatusCode} {answer.Headers.GetValues("ratelimit-remaining").Single()}";
    }
}
