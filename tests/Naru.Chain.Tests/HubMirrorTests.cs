using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Naru.Hub.Metadata;
using Naru.Tests.Hub.Mirrors;

namespace Naru.Chain.Tests;

/// <summary>naru-hub as a cache of Debian's docker-registry, which it knows as <c>registry.local:5000</c>.</summary>
public sealed class HubMirrorTests : IDisposable
{
    private const string Name = "registry.local:5000";
    private const string Below = "registry.local__5000/";
    private const string MediaType = "application/vnd.oci.image.manifest.v1+json";

    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    public HubMirrorTests()
    {
        // docker-registry has these for nobody who does not say so.
        foreach (var type in (string[])[MediaType, "application/vnd.oci.image.index.v1+json"])
            _http.DefaultRequestHeaders.Accept.ParseAdd(type);
    }

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [ChainFact("docker-registry")]
    public async Task Twenty_clients_at_once_make_one_request_of_each_blob_to_an_upstream_that_wants_a_password()
    {
        using var upstream = Registry.Open(_folder["upstream"], locked: true);
        using var pusher = new HubPusher("u:secret", 3_000_000);
        Assert.True(await pusher.Push([upstream.Host], "team/app", "1", 1));
        File.WriteAllText(_folder["auth.json"], $$"""{"auths":{"{{Name}}":{"auth":"{{Convert.ToBase64String("u:secret"u8)}}"} } }""");
        using var hub = Mirror(upstream.Host, "--mirror-auth", _folder["auth.json"], "--mirror-public", Name);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => pusher.ReadAll(hub.Host, Below))));
        var manifest = await Manifest(hub.Host, Below + "team/app", "1");
        Assert.Equal(1, upstream.Gave("GET /v2/team/app/manifests/1"));
        foreach (var blob in Blobs(manifest))
            Assert.True(upstream.Gave($"GET /v2/team/app/blobs/{blob}") == 1, $"{upstream.Gave($"GET /v2/team/app/blobs/{blob}")} requests of {blob}");

        // As containerd asks, by the registry's own name.
        Assert.Equal(manifest, await _http.GetStringAsync($"http://{hub.Host}/v2/team/app/manifests/1?ns={Name}"));
        Verified(hub);
    }

    [ChainFact("docker-registry")]
    public async Task A_mirror_that_shows_a_password_is_for_those_who_signed_in()
    {
        using var upstream = Registry.Open(_folder["upstream"], locked: true);
        using var pusher = new HubPusher("u:secret");
        Assert.True(await pusher.Push([upstream.Host], "team/app", "1", 1));
        File.WriteAllText(_folder["auth.json"], $$"""{"auths":{"http://{{upstream.Host}}":{"username":"u","password":"secret"} } }""");
        using var hub = Hub.WithAccounts(_folder["hub"], "alice", "--mirror", $"{Name}=http://{upstream.Host}", "--mirror-auth", _folder["auth.json"], "--pull-limit", "1");
        var address = $"http://{hub.Host}/v2/{Below}team/app/manifests/1";
        for (var i = 0; i < 3; i++)
            Assert.Equal("401 UNAUTHORIZED", await Refusal(address));
        Assert.Equal(0, upstream.Gave("GET /v2/team/app/manifests/1"));
        _http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"alice:{Hub.Password("alice")}")));
        var manifest = await _http.GetStringAsync(address);
        foreach (var blob in Blobs(manifest))
            Assert.Equal(blob, HubPusher.Digest(await _http.GetByteArrayAsync($"http://{hub.Host}/v2/{Below}team/app/blobs/{blob}")));

        // What is here is no more open for it.
        _http.DefaultRequestHeaders.Authorization = null;
        Assert.Equal("401 UNAUTHORIZED", await Refusal(address));
        Assert.Equal("401 UNAUTHORIZED", await Refusal($"http://{hub.Host}/v2/{Below}team/app/blobs/{Blobs(manifest).First()}"));
        Assert.Equal("401 UNAUTHORIZED", await Refusal($"http://{hub.Host}/v2/{Below}team/app/tags/list"));
        Assert.Equal("401 UNAUTHORIZED", await Refusal($"http://{hub.Host}/v2/{Below}team/app/referrers/{Blobs(manifest).First()}"));
        Assert.Equal("401 UNAUTHORIZED", await Refusal($"http://{hub.Host}/v2/team/app/manifests/1?ns={Name}"));
        Assert.DoesNotContain("registry.local", await _http.GetStringAsync($"http://{hub.Host}/v1/search?q=app"));
    }

    [ChainFact("docker-registry")]
    public async Task What_is_here_outlives_the_upstream()
    {
        using var pusher = new HubPusher();
        string missing;
        Hub hub;
        using (var upstream = Registry.Open(_folder["upstream"]))
        {
            Assert.True(await pusher.Push([upstream.Host], "team/app", "1", 1));
            hub = Mirror(upstream.Host, "--mirror-ttl", "10ms");
            await pusher.ReadAll(hub.Host, Below);
            Assert.True(await pusher.Push([upstream.Host], "team/app", "2", 2));
            missing = pusher.Acknowledged["team/app:2"];
            Assert.True(pusher.Acknowledged.TryRemove("team/app:2", out _));
        }

        using (hub)
        {
            await pusher.ReadAll(hub.Host, Below);
            using var stale = await _http.GetAsync($"http://{hub.Host}/v2/{Below}team/app/manifests/1");
            Assert.Contains("the upstream does not answer", stale.Headers.GetValues("Warning").Single());
            var digest = pusher.Acknowledged["team/app:1"];
            Assert.Equal(digest, HubPusher.Digest(await _http.GetByteArrayAsync($"http://{hub.Host}/v2/{Below}team/app/manifests/{digest}")));
            foreach (var reference in (string[])["2", missing])
                Assert.Equal("503 UNAVAILABLE", await Refusal($"http://{hub.Host}/v2/{Below}team/app/manifests/{reference}"));
            Assert.Equal("503 UNAVAILABLE", await Refusal($"http://{hub.Host}/v2/{Below}team/app/blobs/{missing}"));
            Assert.Equal("503 UNAVAILABLE", await Refusal($"http://{hub.Host}/v2/{Below}team/other/tags/list"));
            Assert.Equal("404 NAME_UNKNOWN", await Refusal($"http://{hub.Host}/v2/team/app/manifests/1?ns=other.local:5000"));
            Verified(hub);
        }
    }

    [ChainFact("docker-registry")]
    public async Task What_the_upstream_damaged_is_never_whole_and_not_kept()
    {
        using var upstream = Registry.Open(_folder["upstream"]);
        using var pusher = new HubPusher();
        Assert.True(await pusher.Push([upstream.Host], "team/app", "1", 1));
        upstream.Damage();
        using var hub = Mirror(upstream.Host);
        var layer = Blobs(await Manifest(hub.Host, Below + "team/app", "1")).First(blob => upstream.Holds(blob, 100_000));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _http.GetByteArrayAsync($"http://{hub.Host}/v2/{Below}team/app/blobs/{layer}"));
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder["hub/blobs"], "*", SearchOption.AllDirectories), file => new FileInfo(file).Length > 100_000);
        Verified(hub);
        upstream.Repair();
        await pusher.ReadAll(hub.Host, Below);
        Verified(hub);
    }

    [ChainFact("docker-registry")]
    public async Task A_tag_that_moved_is_followed_when_its_time_is_over()
    {
        using var upstream = Registry.Open(_folder["upstream"]);
        using var pusher = new HubPusher();
        Assert.True(await pusher.Push([upstream.Host], "team/app", "1", 1));
        using var patient = Mirror(upstream.Host);
        var before = await Manifest(patient.Host, Below + "team/app", "1");
        Assert.True(await pusher.Push([upstream.Host], "team/app", "1", 2));
        Assert.Equal(before, await Manifest(patient.Host, Below + "team/app", "1"));
        Assert.Equal(1, upstream.Gave("GET /v2/team/app/manifests/1"));

        // After a restart, every tag is asked for again, by a HEAD.
        patient.Stop();
        patient.Start("--open", "--mirror", $"{Name}=http://{upstream.Host}", "--mirror-ttl", "10ms");
        Assert.Equal(pusher.Acknowledged["team/app:1"], HubPusher.Digest(Encoding.UTF8.GetBytes(await Manifest(patient.Host, Below + "team/app", "1"))));
        Assert.True(await pusher.Push([upstream.Host], "team/app", "1", 3));
        Command.Until(() => HubPusher.Digest(Encoding.UTF8.GetBytes(Manifest(patient.Host, Below + "team/app", "1").Result)) == pusher.Acknowledged["team/app:1"], "the tag to move");
        Assert.Equal(1, upstream.Gave("GET /v2/team/app/manifests/1"));
        Assert.NotEqual(0, upstream.Gave("HEAD /v2/team/app/manifests/1"));
        await pusher.ReadAll(patient.Host, Below);
    }

    [ChainFact]
    public async Task Killed_while_it_fetches_it_has_nothing_torn()
    {
        using var upstream = new Upstream();
        var middle = new TaskCompletionSource();
        upstream.Middle = middle.Task;
        var layer = RandomNumberGenerator.GetBytes(4_000_000);
        upstream.AddImage("team/app", "1", layer);
        using var hub = Mirror(upstream.Address.Authority);
        await Manifest(hub.Host, Below + "team/app", "1");
        var address = $"http://{hub.Host}/v2/{Below}team/app/blobs/{HubPusher.Digest(layer)}";
        using (var begun = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead))
        {
            await using var body = await begun.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[1_000_000]);
            hub.Kill();
        }

        Assert.Empty(Directory.EnumerateFiles(_folder["hub/spool"]));
        middle.SetResult();
        hub.Start("--open", "--mirror", $"{Name}={upstream.Address}");
        Verified(hub);
        Assert.Equal(layer, await _http.GetByteArrayAsync(address));
        Assert.Equal(2, upstream.Asked($"GET /v2/team/app/blobs/{HubPusher.Digest(layer)}"));
        Command.Until(() => Directory.EnumerateFiles(_folder["hub/blobs"], "*", SearchOption.AllDirectories).Any(), "the blob to be kept");
        Assert.Equal(layer, await _http.GetByteArrayAsync(address));
        Assert.Equal(2, upstream.Asked($"GET /v2/team/app/blobs/{HubPusher.Digest(layer)}"));
        Verified(hub);
    }

    [ChainFact("docker-registry")]
    public async Task Tags_and_referrers_are_the_upstreams_while_it_is_up()
    {
        using var pusher = new HubPusher();
        using var api = Hub.Open(_folder["api"]);
        var plain = Registry.Open(_folder["plain"]);
        var config = _folder["hub.json"];
        File.WriteAllText(config, $$"""{"mirror": ["api.example=http://{{api.Host}}", "plain.example:443=http://{{plain.Host}}"]}""");
        using var hub = Hub.Serving(_folder["hub"], "--open", "--config", config);
        foreach (var host in (string[])[api.Host, plain.Host])
            Assert.True(await pusher.Push([host], "team/app", "1", 1));
        var subject = pusher.Acknowledged["team/app:1"];
        var signature = await Sign(api.Host, subject);

        // A registry without the referrers API has them in an index with the subject's name.
        await Sign(plain.Host, subject);
        var size = (await _http.GetByteArrayAsync($"http://{plain.Host}/v2/team/app/manifests/{signature}")).Length;
        await Put($"http://{plain.Host}/v2/team/app/manifests/{subject.Replace(':', '-')}", "application/vnd.oci.image.index.v1+json", $$"""
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json",
            "manifests":[{"mediaType":"{{MediaType}}","digest":"{{signature}}","size":{{size}},"artifactType":"application/vnd.example.signature"}]}
            """);
        foreach (var repository in (string[])["api.example/team/app", "plain.example__443/team/app"])
        {
            Assert.Equal(subject, HubPusher.Digest(Encoding.UTF8.GetBytes(await Manifest(hub.Host, repository, "1"))));
            Assert.Equal([signature], await Referrers(hub.Host, repository, subject, ""));
            Assert.Equal([signature], await Referrers(hub.Host, repository, subject, "?artifactType=application/vnd.example.signature"));
            Assert.Empty(await Referrers(hub.Host, repository, subject, "?artifactType=application/vnd.example.sbom"));
            Assert.Contains("\"1\"", await _http.GetStringAsync($"http://{hub.Host}/v2/{repository}/tags/list"));
        }

        // A list of several pages is read to its end.
        await using (var database = new SqliteDatabase(_folder["api/hub.db"]))
        {
            await database.Write(session => session.Execute("""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
                INSERT INTO tag (repository, name, digest, pushed) SELECT t.repository, 'n' || n.i, t.digest, t.pushed FROM tag t, n WHERE t.name = '1'
                """), default);
        }

        Assert.Equal(1000, await Tags(hub.Host, "api.example/team/app", "?n=1000"));
        Assert.Equal(501, await Tags(hub.Host, "api.example/team/app", "?n=1000&last=n547"));

        // Down, what was pulled is listed: the signature was pulled of one, not of the other.
        Assert.NotEmpty(await Manifest(hub.Host, "api.example/team/app", signature));
        Assert.True(await pusher.Push([api.Host], "team/app", "2", 2));
        api.Kill();
        plain.Dispose();
        Assert.Equal([signature], await Referrers(hub.Host, "api.example/team/app", subject, ""));
        Assert.Empty(await Referrers(hub.Host, "plain.example__443/team/app", subject, ""));
        Assert.Equal("""["1"]""", JsonDocument.Parse(await _http.GetStringAsync($"http://{hub.Host}/v2/api.example/team/app/tags/list")).RootElement.GetProperty("tags").GetRawText());
    }

    private Hub Mirror(string upstream, params string[] more) => Hub.Serving(_folder["hub"], ["--open", "--mirror", $"{Name}=http://{upstream}", .. more]);

    private static void Verified(Hub hub)
    {
        var verified = hub.Run("verify");
        Assert.True(verified.Code == 0, verified.ToString());
    }

    private async Task<string> Manifest(string host, string repository, string reference) => await _http.GetStringAsync($"http://{host}/v2/{repository}/manifests/{reference}");

    private static IEnumerable<string> Blobs(string manifest)
    {
        var root = JsonDocument.Parse(manifest).RootElement;
        return root.GetProperty("layers").EnumerateArray().Append(root.GetProperty("config")).Select(part => part.GetProperty("digest").GetString()!);
    }

    /// <summary>Status and code of an answer in the spec's form.</summary>
    private async Task<string> Refusal(string address)
    {
        using var answer = await _http.GetAsync(address);
        var error = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("errors")[0];
        return $"{(int)answer.StatusCode} {error.GetProperty("code").GetString()}";
    }

    /// <summary>How many tags a page has.</summary>
    private async Task<int> Tags(string host, string repository, string query) =>
        JsonDocument.Parse(await _http.GetStringAsync($"http://{host}/v2/{repository}/tags/list{query}")).RootElement.GetProperty("tags").GetArrayLength();

    private async Task<string[]> Referrers(string host, string repository, string subject, string query) =>
        [.. JsonDocument.Parse(await _http.GetStringAsync($"http://{host}/v2/{repository}/referrers/{subject}{query}")).RootElement.GetProperty("manifests").EnumerateArray()
            .Select(one => one.GetProperty("digest").GetString()!)];

    /// <summary>Pushes a signature of that manifest of team/app; its digest.</summary>
    private async Task<string> Sign(string host, string subject)
    {
        var config = HubPusher.Digest("{}"u8.ToArray());
        using var begun = (await _http.PostAsync($"http://{host}/v2/team/app/blobs/uploads/", null)).EnsureSuccessStatusCode();
        var place = new Uri(new Uri($"http://{host}"), begun.Headers.Location!).AbsoluteUri;
        using var blob = new ByteArrayContent("{}"u8.ToArray());
        (await _http.PutAsync($"{place}{(place.Contains('?') ? '&' : '?')}digest={config}", blob)).EnsureSuccessStatusCode().Dispose();
        var signed = (await _http.GetByteArrayAsync($"http://{host}/v2/team/app/manifests/{subject}")).Length;
        var manifest = $$"""
            {"schemaVersion":2,"mediaType":"{{MediaType}}","artifactType":"application/vnd.example.signature","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{{config}}","size":2},
            "layers":[{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{{config}}","size":2}],"subject":{"mediaType":"{{MediaType}}","digest":"{{subject}}","size":{{signed}} } }
            """;
        var digest = HubPusher.Digest(Encoding.UTF8.GetBytes(manifest));
        await Put($"http://{host}/v2/team/app/manifests/{digest}", MediaType, manifest);
        return digest;
    }

    private async Task Put(string address, string type, string manifest)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(manifest));
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var put = await _http.PutAsync(address, body);
        Assert.True(put.StatusCode == HttpStatusCode.Created, await put.Content.ReadAsStringAsync());
    }
}
