using System.Net;
using System.Text;
using System.Text.Json;
using Naru.Tests.Hub.Metadata;
using Naru.Tests.Hub.Storage;

namespace Naru.Chain.Tests;

/// <summary>What a hub acknowledged stays, whatever ends it; what it keeps is what it says.</summary>
public sealed class HubFaultTests
{
    private const int Pushers = 50;
    private const int Kills = 4;

    [ChainFact]
    public async Task Killed_during_fifty_pushes_and_a_collection_it_keeps_what_it_acknowledged()
    {
        using var folder = new TempFolder();
        using var pusher = new HubPusher();
        using var hub = Hub.Open(folder["data"]);
        string[] hosts = [hub.Host];
        var seed = 0;
        for (var round = 0; round < Kills; round++)
        {
            using var stop = new CancellationTokenSource();
            var work = Enumerable.Range(0, Pushers).Select(async one =>
            {
                for (var number = 0; !stop.IsCancellationRequested; number++)
                {
                    var (repository, tag) = ($"team{one % 7}/app", $"r{round}-{one}-{number}");
                    if (await pusher.Push(hosts, repository, tag, Interlocked.Increment(ref seed)) && number % 3 == 0)
                        await pusher.Delete(hub.Host, repository, tag);
                }
            }).ToList();
            var collected = Task.Run(() => hub.Run("gc", "--gc-untagged", "--gc-grace", "2s"));
            await Task.Delay(1500);
            hub.Kill();
            await stop.CancelAsync();
            await Task.WhenAll(work);
            Assert.True((await collected).Code == 0, (await collected).ToString());
            hub.Start("--open");
        }

        Assert.NotEmpty(pusher.Acknowledged);
        await pusher.ReadAll(hub.Host);
        var gc = hub.Run("gc", "--gc-untagged", "--gc-grace", "1s");
        Assert.True(gc.Code == 0, gc.ToString());
        await pusher.ReadAll(hub.Host);
        var verified = hub.Run("verify");
        Assert.True(verified.Code == 0, verified.ToString());
    }

    [SharedHubFact]
    public async Task Two_processes_on_one_database_and_object_storage_are_one_registry()
    {
        using var folder = new TempFolder();
        using var postgres = new PostgresServer();
        using var s3 = new S3Server();
        using var pusher = new HubPusher();
        string[] shared = ["--database", postgres.NewDatabase(), "--storage", "s3://hub/two", "--s3-endpoint", s3.Endpoint.GetLeftPart(UriPartial.Authority),
            "--s3-path-style", "--s3-access-key", "S3RVER", "--s3-secret-key", "S3RVER"];
        using var one = Hub.Open(folder["one"], shared);
        using var two = Hub.Open(folder["two"], shared);
        string[] hosts = [one.Host, two.Host];
        var seed = 0;
        var failed = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            for (var number = 0; number < 6; number++)
            {
                if (!await pusher.Push(hosts, $"team{worker % 3}/app", $"{worker}-{number}", Interlocked.Increment(ref seed)))
                    Interlocked.Increment(ref failed);
            }
        }));
        Assert.Equal(0, failed);
        Assert.Equal(48, pusher.Acknowledged.Count);

        // One ends in the middle of the next pushes; the other goes on alone.
        var more = Enumerable.Range(0, 8).Select(worker => pusher.Push(hosts, "team9/app", $"{worker}", Interlocked.Increment(ref seed))).ToList();
        one.Kill();
        await Task.WhenAll(more);
        await pusher.ReadAll(two.Host);
        var verified = two.Run("verify");
        Assert.True(verified.Code == 0, verified.ToString());
    }

    [SharedHubFact]
    public async Task Two_processes_on_one_database_count_pulls_and_failed_sign_ins_together()
    {
        using var folder = new TempFolder();
        using var postgres = new PostgresServer();
        using var http = new HttpClient();
        using var pusher = new HubPusher();
        string[] shared = ["--database", postgres.NewDatabase()];
        Hub[] hubs = [Hub.Open(folder["data"], shared), Hub.Open(folder["data"], shared)];
        try
        {
            Assert.True(await pusher.Push([hubs[0].Host], "app", "latest", 1));
            foreach (var hub in hubs)
            {
                hub.Kill();
                hub.Start("--pull-limit", "40");
            }

            var pulled = 0;
            for (var i = 0; i < 20; i++)
                pulled += (await http.GetAsync($"http://{hubs[i % 2].Host}/v2/app/manifests/latest")).StatusCode == HttpStatusCode.OK ? 1 : 0;
            Assert.Equal(20, pulled);
            foreach (var hub in hubs)
            {
                string left;
                var end = DateTime.UtcNow.AddSeconds(20);
                do
                {
                    await Task.Delay(100);
                    using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"http://{hub.Host}/v2/app/manifests/latest"));
                    left = head.Headers.GetValues("ratelimit-remaining").Single();
                }
                while (left != "20;w=21600" && DateTime.UtcNow < end);
                Assert.Equal("20;w=21600", left);
            }

            var answers = new List<HttpStatusCode>();
            for (var i = 0; i < 12; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{hubs[i % 2].Host}/token");
                request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"carol:guess {i}")));
                answers.Add((await http.SendAsync(request)).StatusCode);
            }

            Assert.Equal(10, answers.Count(answer => answer == HttpStatusCode.Unauthorized));
            Assert.Equal([HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests], answers[10..]);
        }
        finally
        {
            foreach (var hub in hubs)
                hub.Dispose();
        }
    }

    [SharedHubFact]
    public async Task While_the_database_or_the_storage_is_away_it_says_503_and_then_goes_on()
    {
        using var folder = new TempFolder();
        using var postgres = new PostgresServer();
        using var s3 = new S3Server();
        await using var relay = new Relay(s3.Endpoint.Port);
        using var pusher = new HubPusher();
        using var http = new HttpClient();
        using var hub = Hub.Open(folder["data"], "--database", postgres.NewDatabase(), "--storage", "s3://hub/away", "--s3-endpoint", relay.Address.GetLeftPart(UriPartial.Authority),
            "--s3-path-style", "--s3-access-key", "S3RVER", "--s3-secret-key", "S3RVER");
        string[] hosts = [hub.Host];
        Assert.True(await pusher.Push(hosts, "team/app", "before", 1));
        var blob = await pusher.FirstLayer(hub.Host, "team/app", "before");

        postgres.Stop();
        foreach (var path in (string[])["/v2/team/app/manifests/before", $"/v2/team/app/blobs/{blob}", "/v2/team/app/tags/list", "/v2/_catalog"])
            await Away(http, HttpMethod.Get, hub.Host, path);
        await Away(http, HttpMethod.Post, hub.Host, "/v2/team/app/blobs/uploads/");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"http://{hub.Host}/healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync($"http://{hub.Host}/readyz")).StatusCode);
        postgres.Launch();
        await pusher.ReadAll(hub.Host);
        Assert.True(await pusher.Push(hosts, "team/app", "between", 2));

        relay.Cut = true;
        await Away(http, HttpMethod.Get, hub.Host, $"/v2/team/app/blobs/{blob}");
        await Away(http, HttpMethod.Post, hub.Host, "/v2/team/app/blobs/uploads/");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"http://{hub.Host}/v2/team/app/manifests/before")).StatusCode);
        relay.Cut = false;
        await pusher.ReadAll(hub.Host);

        // In the middle of pushes: some fail, what was acknowledged is there.
        using var stop = new CancellationTokenSource();
        var seed = 10;
        var work = Enumerable.Range(0, 6).Select(async one =>
        {
            for (var number = 0; !stop.IsCancellationRequested; number++)
                await pusher.Push(hosts, $"team{one}/app", $"{number}", Interlocked.Increment(ref seed));
        }).ToList();
        for (var round = 0; round < 2; round++)
        {
            await Task.Delay(500);
            postgres.Stop();
            postgres.Launch();
            await Task.Delay(500);
            relay.Cut = true;
            await Task.Delay(100);
            relay.Cut = false;
        }

        await stop.CancelAsync();
        await Task.WhenAll(work);
        await pusher.ReadAll(hub.Host);
        Assert.True(await pusher.Push(hosts, "team/app", "after", 3));
        var verified = hub.Run("verify");
        Assert.True(verified.Code == 0, verified.ToString());
    }

    /// <summary>503 in the spec's form, which says what is away and no more.</summary>
    private static async Task Away(HttpClient http, HttpMethod method, string host, string path)
    {
        using var request = new HttpRequestMessage(method, $"http://{host}{path}");
        using var answer = await http.SendAsync(request);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var error = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync()).RootElement.GetProperty("errors")[0];
        Assert.Equal("UNAVAILABLE", error.GetProperty("code").GetString());
    }
}
