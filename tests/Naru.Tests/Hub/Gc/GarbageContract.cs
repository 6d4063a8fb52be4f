using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Gc;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;
using Naru.Hub.Storage;
using Naru.Oci;

namespace Naru.Tests.Hub.Gc;

/// <summary>What the collector takes and what it leaves, on either database.</summary>
public abstract class GarbageContract : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromDays(3);
    private static readonly GarbageOptions Plain = new();
    private static readonly GarbageOptions Untagged = new() { Untagged = true };
    private readonly string folder = Directory.CreateTempSubdirectory("naru-hub-gc-").FullName;

    protected string Folder => folder;

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [ContractFact]
    public async Task What_a_tag_needs_stays_however_old_it_is()
    {
        await using var hub = await Hub();
        var repository = await hub.Repository("a/b");
        var inner = await hub.PushImage(repository, null, ["one", "two"]);
        await hub.PushIndex(repository, "v1", inner, await hub.PushImage(repository, null, ["one", "three"]));
        var about = await hub.PushImage(repository, null, ["signature"], inner);
        await Age(hub);
        var report = await hub.Collector.Collect(Untagged, default);
        Assert.Equal(new GarbageReport(), report);
        Assert.True(await hub.Whole(repository, "v1"));
        Assert.True(await hub.Whole(repository, about.Digest.ToString()));
        Assert.Empty(await hub.Problems());
    }

    [ContractFact]
    public async Task A_blob_that_no_manifest_names_goes_after_its_grace_with_its_object()
    {
        await using var hub = await Hub();
        var repository = await hub.Repository("a/b");
        await hub.PushBlob(repository, "lonely");
        Assert.Equal(new GarbageReport(), await hub.Collector.Collect(Plain, default));
        await Age(hub);
        Assert.Equal(new GarbageReport { Links = 1, Blobs = 1, BlobBytes = 6 }, await hub.Collector.Collect(Plain, default));
        Assert.Empty(await Objects(hub));
        Assert.Equal(0, await hub.Count("blob"));
    }

    [ContractFact]
    public async Task A_blob_stays_for_the_repositories_that_still_need_it()
    {
        await using var hub = await Hub();
        var one = await hub.Repository("a/one");
        var other = await hub.Repository("a/other");
        await hub.PushImage(one, "v1", ["shared"]);
        await hub.PushImage(other, "v1", ["shared"]);
        await Age(hub);
        await hub.Manifests.Delete(one, Caller.Operator, (await hub.Manifests.Require(one, "v1", default)).Digest.ToString(), default);
        Assert.Equal(new GarbageReport { Links = 2 }, await hub.Collector.Collect(Plain, default));
        Assert.True(await hub.Whole(other, "v1"));
        await hub.Database.Write(session => session.Execute("DELETE FROM repository WHERE name = 'a/other'"), default);
        var report = await hub.Collector.Collect(Plain, default);
        Assert.Equal((2, 1, 0), (report.Blobs, report.Manifests, report.Links));
        Assert.Empty(await Objects(hub));
    }

    [ContractFact]
    public async Task Untagged_manifests_go_only_when_that_is_asked_for_with_all_that_hangs_on_them()
    {
        await using var hub = await Hub();
        var repository = await hub.Repository("a/b");
        var inner = await hub.PushImage(repository, null, ["one"]);
        var index = await hub.PushIndex(repository, "v1", inner);
        await hub.PushImage(repository, null, ["signature"], index);
        await hub.Manifests.Delete(repository, Caller.Operator, "v1", default);
        Assert.Equal(0, (await hub.Collector.Collect(Untagged, default)).Images);
        await Age(hub);
        Assert.Equal(0, (await hub.Collector.Collect(Plain, default)).Images);
        var report = await hub.Collector.Collect(Untagged, default);
        Assert.Equal((3, 3, 4, 4), (report.Images, report.Manifests, report.Links, report.Blobs));
        Assert.Empty(await Objects(hub));
    }

    [ContractFact]
    public async Task A_preview_says_what_a_collection_then_does_and_takes_nothing()
    {
        await using var hub = await Hub();
        var repository = await hub.Repository("a/b");
        var other = await hub.Repository("a/c");
        await hub.PushIndex(repository, "v1", await hub.PushImage(repository, null, ["one", "shared"]));
        await hub.PushImage(repository, "v2", ["two", "shared"]);
        await hub.PushImage(repository, null, ["three", "shared"], await hub.PushImage(repository, null, ["four"]));
        await hub.PushImage(other, null, ["one", "five"]);
        await hub.PushBlob(other, "lonely");
        await hub.Uploads.Begin(repository, Caller.Operator, default);
        await hub.Manifests.Delete(repository, Caller.Operator, "v1", default);
        await Age(hub);
        foreach (var options in (GarbageOptions[])[Plain, Untagged])
        {
            var preview = await hub.Collector.Preview(options, default);
            Assert.Equal(preview, await hub.Collector.Preview(options, default));
            var report = await hub.Collector.Collect(options, default);
            // Manifests are counted where they are unneeded already; those that become so are in the number of images.
            Assert.Equal(report with { Manifests = 0 }, preview with { Manifests = 0 });
            Assert.NotEqual(new GarbageReport(), preview);
        }

        Assert.True(await hub.Whole(repository, "v2"));
        Assert.Empty(await hub.Problems());
    }

    [ContractFact]
    public async Task Uploads_and_objects_that_nobody_goes_on_with_disappear()
    {
        await using var hub = await Hub();
        var repository = await hub.Repository("a/b");
        var old = await hub.Uploads.Begin(repository, Caller.Operator, default);
        await hub.Uploads.Append(repository, old, new MemoryStream(new byte[1000]), null, null, default);
        await using (var writer = await hub.Storage.Create(ObjectKey.New(), default))
        {
            await writer.Write(new byte[10], default);
            await writer.Complete(default);
        }

        await Age(hub);
        var young = await hub.Uploads.Begin(repository, Caller.Operator, default);
        await using (await hub.Storage.Create(ObjectKey.New(), default))
        {
        }

        Assert.Equal(new GarbageReport { Uploads = 1, Objects = 1, ObjectBytes = 10 }, await hub.Collector.Collect(Plain, default));
        Assert.Equal(2, (await Objects(hub)).Count);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<RegistryException>(async () => await hub.Uploads.Length(repository, old, default))).Kind);
        Assert.Equal(0, await hub.Uploads.Length(repository, young, default));
    }

    [ContractFact]
    public async Task A_push_that_named_a_blob_first_keeps_it()
    {
        await using var hub = await Hub();
        var repository = await hub.Repository("a/b");
        var blob = await hub.PushBlob(repository, "layer");
        await Age(hub);
        Task<GarbageReport>? collecting = null;
        await hub.Database.Write(async session =>
        {
            await session.Execute("UPDATE held SET named = $2 WHERE repository = $1", repository.Id, DateTime.UtcNow.Ticks);
            collecting ??= Task.Run(async () => await hub.Collector.Collect(Plain, default));
            await Task.WhenAny(collecting, Task.Delay(300));
            return 0;
        }, default);
        Assert.Equal(new GarbageReport(), await collecting!);
        Assert.NotNull(await hub.Blobs.Find(repository, blob.Digest, pushing: false, default));
    }

    [ContractFact]
    public async Task A_push_that_comes_second_is_told_what_is_missing_and_succeeds_when_it_brings_it()
    {
        await using var hub = await Hub();
        var repository = await hub.Repository("a/b");
        await hub.PushImage(repository, "v1", ["layer"]);
        var manifest = await hub.Manifests.Require(repository, "v1", default);
        await hub.Manifests.Delete(repository, Caller.Operator, manifest.Digest.ToString(), default);
        await Age(hub);
        Task<PushedImage>? pushing = null;
        await hub.Database.Write(async session =>
        {
            await session.Execute("DELETE FROM held");
            pushing ??= Task.Run(async () => await hub.Manifests.Put(repository, Caller.Operator, "v1", manifest.MediaType, manifest.Content, default));
            await Task.WhenAny(pushing, Task.Delay(300));
            return 0;
        }, default);
        Assert.Equal(RegistryErrorCode.ManifestBlobUnknown, (await Assert.ThrowsAsync<RegistryException>(() => pushing!)).Code);

        Task<Descriptor>? uploading = null;
        await hub.Database.Write(async session =>
        {
            await session.Execute("DELETE FROM blob");
            uploading ??= Task.Run(async () => await hub.PushImage(repository, "v1", ["layer"]));
            await Task.WhenAny(uploading, Task.Delay(300));
            return 0;
        }, default);
        await uploading!;
        Assert.True(await hub.Whole(repository, "v1"));
    }

    [ContractFact]
    public async Task Who_had_garbage_collected_is_in_the_audit_trail()
    {
        await using var hub = await Hub();
        await hub.PushBlob(await hub.Repository("a/b"), "lonely");
        await Age(hub);
        await hub.Collector.Collect(Plain, new Caller(7, "alice", true, "192.0.2.1"), default);
        await hub.Collector.Collect(Plain, default);
        var entries = await new AuditTrail(hub.Database).List(new AuditFilter(Action: AuditAction.Collected), 10, default);
        Assert.Equal(["operator local: 0 blobs of 0 bytes, 0 untagged manifests, 0 uploads, 0 objects", "alice 192.0.2.1: 1 blobs of 6 bytes, 0 untagged manifests, 0 uploads, 0 objects"],
            entries.Select(entry => $"{entry.Account} {entry.Address}: {entry.Detail}"));
    }

    [ContractFact]
    public async Task One_process_collects_at_a_time_and_all_can_tell_how_far_it_is()
    {
        await using var hub = await Hub();
        Assert.Null(await hub.Collector.Progress(default));
        var lease = new GarbageLease(hub.Database);
        await lease.Take(default);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<NaruException>(async () => await hub.Collector.Collect(Plain, default))).Kind);
        await lease.Keep(default);
        // Its process ended: the time passes.
        await hub.Database.Write(session => session.Execute("UPDATE setting SET value = '0' WHERE name = 'gc.lease'"), default);
        await hub.Collector.Collect(Plain, default);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<NaruException>(async () => await lease.Keep(default))).Kind);
        var progress = await hub.Collector.Progress(default);
        Assert.Equal((GarbageStage.Done, false, new GarbageReport()), (progress!.Stage, progress.Running, progress.Report));
    }

    [ContractFact]
    public async Task Nothing_that_was_acknowledged_is_lost_while_it_collects_without_end()
    {
        await using var hub = await Hub();
        var repositories = new List<Repository>();
        for (var i = 0; i < 3; i++)
            repositories.Add(await hub.Repository($"a/{i}"));
        using var stop = new CancellationTokenSource();
        // A grace so short that blobs go between the layers of a push; then the push is told, and begins again.
        var options = new GarbageOptions { Grace = TimeSpan.FromMilliseconds(20), Untagged = true };
        long taken = 0;
        var collecting = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                Interlocked.Add(ref taken, (await hub.Collector.Collect(options, default)).Blobs);
        });
        do
            await Task.WhenAll(from worker in Enumerable.Range(0, 4) select Task.Run(() => PushAndDelete(hub, repositories, worker)));
        while (Interlocked.Read(ref taken) == 0 && !collecting.IsCompleted);
        await stop.CancelAsync();
        await collecting;
        foreach (var repository in repositories)
        {
            foreach (var tag in await hub.Manifests.Tags(repository, "", 1000, default))
                Assert.True(await hub.Whole(repository, tag), $"{repository.Name}:{tag}");
            for (var worker = 0; worker < 4; worker++)
                Assert.NotNull(await hub.Manifests.Find(repository, $"last-{worker}", default));
        }

        Assert.Empty(await hub.Problems());
    }

    protected abstract ValueTask<IDatabase> Open();

    private static async Task PushAndDelete(TestHub hub, List<Repository> repositories, int worker)
    {
        var random = new Random(worker);
        for (var i = 0; i < 15; i++)
        {
            var repository = repositories[random.Next(repositories.Count)];
            await Push(hub, repository, $"t{random.Next(4)}", [$"layer {random.Next(6)}", $"layer {random.Next(6)}"]);
            if (random.Next(2) == 0)
            {
                try
                {
                    await hub.Manifests.Delete(repository, Caller.Operator, $"t{random.Next(4)}", default);
                }
                catch (RegistryException e) when (e.Code == RegistryErrorCode.ManifestUnknown)
                {
                    // Another worker did.
                }
            }
        }

        foreach (var repository in repositories)
            await Push(hub, repository, $"last-{worker}", [$"layer {worker}"]);
    }

    private static async Task Push(TestHub hub, Repository repository, string tag, string[] layers)
    {
        while (true)
        {
            try
            {
                await hub.PushImage(repository, tag, layers);
                return;
            }
            catch (RegistryException e) when (e.Code == RegistryErrorCode.ManifestBlobUnknown)
            {
                // The client sends what is missing.
            }
        }
    }

    private static async Task<List<string>> Objects(TestHub hub)
    {
        List<string> found = [];
        await foreach (var entry in hub.Storage.List(default))
            found.Add(entry.Key);
        return found;
    }

    private async Task<TestHub> Hub() => new(await Open(), new FolderStorage(Path.Combine(folder, "data")));

    private async Task Age(TestHub hub)
    {
        await hub.Age(Long);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "data"), "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow - Long);
    }
}
