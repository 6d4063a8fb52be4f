using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Naru.Base;
using Naru.Hub;
using Naru.Hub.Accounts;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;
using Naru.Hub.Webhooks;
using Naru.Oci;
using Naru.Tests.Hub.Metadata;
using Hooks = Naru.Hub.Webhooks.Webhooks;

namespace Naru.Tests.Hub.Webhooks;

public abstract class WebhookTests(PostgresServer? server) : EitherDatabase(server), IAsyncLifetime
{
    private static readonly Caller Alice = new(null, "alice", false, "192.0.2.1");

    private readonly string folder = Directory.CreateTempSubdirectory("naru-hub-hooks-").FullName;
    private readonly RepositoryEvents events = new();
    private IDatabase database = null!;
    private Manifests manifests = null!;
    private WebhookWorker worker = null!;
    private Hooks hooks = null!;
    private Repository repository = null!;

    public sealed class OnSqlite() : WebhookTests(null);

    [Collection(PostgresCollection.Name)]
    [Needs("postgres")]
    public sealed class OnPostgres(PostgresServer server) : WebhookTests(server);

    public async Task InitializeAsync()
    {
        database = await Open(folder);
        manifests = new Manifests(database, events);
        worker = new WebhookWorker(database, privateAllowed: true, TimeSpan.FromMilliseconds(20));
        hooks = new Hooks(database, worker, events, privateAllowed: true);
        repository = await new Access(database, open: true).Create(Alice, "team/app", null, default);
    }

    public async Task DisposeAsync()
    {
        await worker.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [ContractFact]
    public async Task A_push_and_a_delete_are_told_and_signed()
    {
        using var receiver = new Receiver();
        worker.Start();
        var secret = await hooks.Add(Alice, repository, receiver.Url, "s3cret", pushes: true, deletes: true, default);
        var digest = await Push("v1");
        await receiver.Got(1);
        await manifests.Delete(repository, Alice, "v1", default);
        var requests = await receiver.Got(2);
        foreach (var (request, word) in (KeyValuePair<string, string>[])[new(requests[0], "push"), new(requests[1], "delete")])
        {
            var body = request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
            Assert.Contains($"X-Naru-Event: {word}\r\n", request, StringComparison.Ordinal);
            Assert.Contains($"X-Naru-Signature-256: {WebhookSender.Sign("s3cret", Encoding.UTF8.GetBytes(body))}\r\n", request, StringComparison.Ordinal);
            var told = JsonNode.Parse(body)!;
            Assert.Equal("team/app", (string?)told["repository"]!["repo_name"]);
            Assert.Equal("v1", (string?)told["push_data"]!["tag"]);
            Assert.Equal("alice", (string?)told["push_data"]!["pusher"]);
            Assert.Equal(digest.ToString(), (string?)told["descriptor"]!["digest"]);
            Assert.True((long)told["descriptor"]!["size"]! > 0);
        }

        Assert.Equal("s3cret", secret);
    }

    [ContractFact]
    public void A_signature_is_that_of_RFC_4231() =>
        Assert.Equal("sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", WebhookSender.Sign("Jefe", "what do ya want for nothing?"u8));

    [ContractFact]
    public async Task A_receiver_that_fails_is_told_again()
    {
        using var receiver = new Receiver(count => count < 2 ? "500 no" : "204 fine");
        worker.Start();
        await hooks.Add(Alice, repository, receiver.Url, "", pushes: true, deletes: false, default);
        await Push("v1");
        var requests = await receiver.Got(3);
        Assert.Single(requests.Select(request => request[request.IndexOf("\r\n\r\n", StringComparison.Ordinal)..]).Distinct());
        var delivery = await Settled();
        Assert.True(delivery.Delivered);
        Assert.Equal(3, delivery.Attempts);
        Assert.Equal(204, Assert.Single(await hooks.List(repository, default)).LastStatus);
    }

    [ContractFact]
    public async Task A_redirect_is_a_failure_and_after_a_day_no_more_is_tried()
    {
        using var other = new Receiver();
        using var receiver = new Receiver(_ => $"302 Found\r\nLocation: {other.Url}");
        await hooks.Add(Alice, repository, receiver.Url, "", pushes: true, deletes: true, default);
        await Push("v1");
        await database.Write(session => session.Execute("UPDATE delivery SET created = $1", DateTime.UtcNow.AddDays(-2).Ticks), default);
        worker.Start();
        var delivery = await Settled();
        Assert.True(delivery.GivenUp);
        Assert.Equal(302, delivery.Status);
        Assert.Empty(other.Requests);
        await hooks.Redeliver(repository, delivery.Id, default);
        await receiver.Got(2);
    }

    [ContractFact]
    public async Task Two_processes_tell_each_event_once()
    {
        using var receiver = new Receiver();
        await using var second = await Open(folder);
        await using var other = new WebhookWorker(second, privateAllowed: true);
        await hooks.Add(Alice, repository, receiver.Url, "", pushes: true, deletes: false, default);
        for (var i = 0; i < 20; i++)
            await Push($"v{i}");
        worker.Start();
        other.Start();
        await receiver.Got(20);
        while (await database.Read(session => session.Number("SELECT COUNT(*) FROM delivery WHERE next IS NOT NULL"), default) > 0)
            await Task.Delay(10);
        Assert.Equal(20, receiver.Requests.Count);
    }

    [ContractFact]
    public async Task Addresses_of_this_machine_are_not_reached()
    {
        using var receiver = new Receiver();
        await using var strict = new WebhookWorker(database, privateAllowed: false);

        // By name, as one that stood for something else when it was added.
        await hooks.Add(Alice, repository, receiver.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), "", pushes: true, deletes: false, default);
        await Push("v1");
        strict.Start();
        WebhookDelivery delivery;
        do
        {
            await Task.Delay(10);
            delivery = Assert.Single(await Deliveries());
        }
        while (delivery.Failure is null);
        Assert.Contains("private network", delivery.Failure, StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
    }

    [ContractFact]
    public async Task Addresses_that_are_nobody_elses_are_refused()
    {
        var careful = new Hooks(database, worker, new RepositoryEvents(), privateAllowed: false);
        string[] urls =
        [
            "http://127.0.0.1/", "http://localhost:8080/", "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/latest/meta-data", "http://2130706433/", "file:///etc/passwd", "https://user:password@example.com/", "example.com",
        ];
        foreach (var url in urls)
        {
            var error = await Assert.ThrowsAsync<RefusedException>(async () => await careful.Add(Alice, repository, url, "", pushes: true, deletes: true, default));
            Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        }
    }

    [ContractFact]
    public void Public_addresses_are_told_from_others()
    {
        foreach (var address in (string[])["8.8.8.8", "2606:4700::1111"])
            Assert.True(PublicAddress.Is(IPAddress.Parse(address)), address);
        string[] others = ["10.1.2.3", "172.31.0.1", "100.64.0.1", "0.0.0.0", "255.255.255.255", "::ffff:192.168.0.1", "::", "fe80::1", "fd00::1", "64:ff9b::a00:1", "2002:0a00:0001::1"];
        foreach (var address in others)
            Assert.False(PublicAddress.Is(IPAddress.Parse(address)), address);
    }

    [ContractFact]
    public void Pauses_grow_and_stay_below_some_hours()
    {
        var usual = new WebhookWorker(database, privateAllowed: false);
        Assert.Equal(TimeSpan.FromSeconds(10), usual.Pause(1));
        Assert.Equal(TimeSpan.FromSeconds(30), usual.Pause(2));
        Assert.Equal(TimeSpan.FromHours(4), usual.Pause(50));
    }

    private async Task<Digest> Push(string tag)
    {
        var content = Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[],"annotations":{"tag":"{{tag}}"} }""");
        return (await manifests.Put(repository, Alice, tag, MediaTypes.OciIndex, content, default)).Digest;
    }

    private async Task<List<WebhookDelivery>> Deliveries() => await hooks.Deliveries(repository, (await hooks.List(repository, default))[0].Id, 10, default);

    private async Task<WebhookDelivery> Settled()
    {
        while (true)
        {
            if (await Deliveries() is [{ Next: null } delivery, ..])
                return delivery;
            await Task.Delay(10);
        }
    }
}
