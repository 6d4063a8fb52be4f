using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;
using Naru.Hub.Storage;
using Naru.Hub.Webhooks;
using Naru.Oci;
using Naru.Tests.Hub.Webhooks;

namespace Naru.Tests.Hub.Metadata;

/// <summary>What the rooms do while PostgreSQL is away, and afterwards.</summary>
[Needs("postgres")]
public sealed class PostgresOutageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("naru-outage-").FullName;
    private readonly PostgresServer server = new();

    public void Dispose()
    {
        server.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [ContractFact]
    public async Task Pushes_pulls_web_hooks_and_collections_go_on_by_themselves()
    {
        var database = await PostgresDatabase.Open(server.NewDatabase(), default);
        await using var hub = new TestHub(database, new FolderStorage(folder));
        var events = new RepositoryEvents();
        var manifests = new Manifests(database, events);
        await using var worker = new WebhookWorker(database, privateAllowed: true, TimeSpan.FromMilliseconds(20));
        var hooks = new Naru.Hub.Webhooks.Webhooks(database, worker, events, privateAllowed: true);
        await using var pulls = new PullCounter(database);
        using var receiver = new Receiver();
        var repository = await hub.Repository("team/app");
        await hooks.Add(Caller.Operator, repository, receiver.Url, "", pushes: true, deletes: true, default);
        worker.Start();
        var image = await hub.PushImage(repository, "before", ["layer"]);
        var content = (await manifests.Require(repository, "before", default)).Content;
        await manifests.Put(repository, Caller.Operator, "told", MediaTypes.OciManifest, content, default);
        await receiver.Got(1);
        var id = await hub.Uploads.Begin(repository, Caller.Operator, default);
        var bytes = "bytes that come in two pieces"u8.ToArray();
        await hub.Uploads.Append(repository, id, new MemoryStream(bytes, 0, 10), 0, 10, default);

        server.Stop();
        pulls.Count(repository, image.Digest);
        foreach (var work in (Func<Task>[])[
            async () => await hub.Manifests.Find(repository, "before", default),
            async () => await hub.PushImage(repository, "lost", ["another layer"]),
            async () => await hub.Uploads.Append(repository, id, new MemoryStream(bytes, 10, 5), 10, 5, default),
            async () => await hub.Collector.Collect(new(), default),
            async () => await pulls.Write(default)])
        {
            var error = await Assert.ThrowsAsync<NaruException>(work);
            Assert.Equal(ErrorKind.Unavailable, error.Kind);
            Assert.StartsWith("metadata: PostgreSQL does not answer: ", error.Message, StringComparison.Ordinal);
        }

        server.Launch();
        var length = (int)await hub.Uploads.Length(repository, id, default);
        await hub.Uploads.Finish(repository, id, new MemoryStream(bytes, length, bytes.Length - length), null, Digest.Of(bytes), default);
        await manifests.Put(repository, Caller.Operator, "after", MediaTypes.OciManifest, content, default);
        await receiver.Got(2);
        await pulls.Write(default);
        Assert.Equal(1, await database.Read(session => session.Number("SELECT pulls FROM repository WHERE name = 'team/app'"), default));
        await hub.Age(TimeSpan.FromDays(2));
        Assert.Equal(1, (await hub.Collector.Collect(new(), default)).Blobs);
        Assert.True(await hub.Whole(repository, "before"));
        Assert.Empty(await hub.Problems());
    }

    [ContractFact]
    public async Task A_collection_that_is_cut_in_the_middle_is_made_by_the_next()
    {
        var address = server.NewDatabase();
        await using var hub = new TestHub(await PostgresDatabase.Open(address, default), new CutStorage(new FolderStorage(folder), server.Stop));
        var repository = await hub.Repository("team/app");
        for (var i = 0; i < 5; i++)
            await hub.PushBlob(repository, $"blob {i}");
        await hub.Age(TimeSpan.FromDays(2));
        Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<NaruException>(async () => await hub.Collector.Collect(new() { Grace = TimeSpan.Zero }, default))).Kind);
        server.Launch();

        // The lease of the one that was cut ends after two minutes.
        await hub.Database.Write(session => session.Execute("DELETE FROM setting WHERE name = 'gc.lease'"), default);
        await hub.Collector.Collect(new() { Grace = TimeSpan.Zero }, default);
        Assert.Equal(0, await hub.Count("blob"));
        await foreach (var left in hub.Storage.List(default))
            Assert.Fail($"{left.Key} is left");
    }

    /// <summary>Lets something happen at the first delete.</summary>
    private sealed class CutStorage(IBlobStorage inner, Action cut) : IBlobStorage
    {
        private int deletes;

        public bool RefusesSecondWriter => inner.RefusesSecondWriter;

        public ValueTask<IObjectWriter> Create(string key, CancellationToken cancel) => inner.Create(key, cancel);

        public ValueTask<IObjectWriter?> Continue(string key, CancellationToken cancel) => inner.Continue(key, cancel);

        public ValueTask<Stream> Read(string key, long offset, long length, CancellationToken cancel) => inner.Read(key, offset, length, cancel);

        public ValueTask Delete(string key, CancellationToken cancel)
        {
            if (Interlocked.Increment(ref deletes) == 1)
                cut();
            return inner.Delete(key, cancel);
        }

        public IAsyncEnumerable<StoredObject> List(CancellationToken cancel) => inner.List(cancel);

        public ValueTask<Uri?> Address(string key, TimeSpan lifetime, CancellationToken cancel) => inner.Address(key, lifetime, cancel);

        public ValueTask Check(CancellationToken cancel) => inner.Check(cancel);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
